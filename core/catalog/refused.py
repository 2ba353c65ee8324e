"""What Keras has and Eagerly does not offer, each with the reason."""

from __future__ import annotations

_BASE = "It is the base that others are made from, and does nothing by itself."
_CODE = "It runs code that the user brings."
_CELL = "It is one step of a recurrent layer; add the layer itself."
_WORDS = "It needs a vocabulary of words; the data pages turn text into numbers."
_LABELS = "It mixes pictures with their labels, so it cannot stand between layers."
_FILE = "It writes files; Eagerly keeps the weights and the history of every run itself."
_ITSELF = "Eagerly does this for every run."

ENTRIES: dict[str, dict[str, str]] = {
    "layer": {
        "Layer": _BASE,
        "Wrapper": _BASE,
        "RNN": "It needs a cell of its own; add SimpleRNN, LSTM or GRU.",
        "InputLayer": "Use Input, which stands for the same.",
        "SimpleRNNCell": _CELL,
        "LSTMCell": _CELL,
        "GRUCell": _CELL,
        "StackedRNNCells": "It stacks cells; put recurrent layers behind each other, with return_sequences on.",
        "Lambda": f"{_CODE} Use a layer that does the same, such as Activation, Rescaling or Reshape.",
        "TFSMLayer": "It loads a saved model from a path, and that can run any code.",
        "TorchModuleWrapper": f"{_CODE} It needs PyTorch as well.",
        "JaxLayer": f"{_CODE} It needs JAX as well.",
        "FlaxLayer": f"{_CODE} It needs Flax as well.",
        "StringLookup": _WORDS,
        "IntegerLookup": "It needs a vocabulary of numbers; use Discretization or CategoryEncoding.",
        "TextVectorization": _WORDS,
        "Hashing": "It takes words or whole numbers of any size; the data pages turn columns into numbers.",
        "HashedCrossing": "It takes two columns of words; the data pages turn columns into numbers.",
        "Pipeline": "It wraps a list of layers; put them behind each other instead.",
        "MaxNumBoundingBoxes": "It works on bounding boxes, which no data source here has.",
        "CutMix": _LABELS,
        "Equalization": "Keras leaves it out of a model: its symbolic result is the very tensor that came in. "
        "ContrastLimitedAdaptiveHistogramEqualization does a finer kind of it.",
        "MixUp": _LABELS,
    },
    "optimizer": {
        "Optimizer": _BASE,
        "OptimizerMap": "It is a part of MultiOptimizer.",
        "MultiOptimizer": "It needs a map of layers in code; one optimizer trains the whole model here.",
        "LossScaleOptimizer": "It wraps another; set `loss_scale_factor` on the optimizer instead.",
    },
    "loss": {
        "Loss": _BASE,
        "CTC": "It needs targets that are sequences of their own length, which no data source here has.",
    },
    "metric": {
        "Metric": _BASE,
        "MeanMetricWrapper": f"{_CODE} Write a custom metric instead.",
        "Mean": "It averages any number and does not compare predictions with targets.",
        "Sum": "It adds up any number and does not compare predictions with targets.",
        "Accuracy": "It counts exact equality, which scores never reach; `accuracy` gives the one that fits the loss.",
    },
    "callback": {
        "Callback": _BASE,
        "CallbackList": _BASE,
        "History": _ITSELF,
        "ProgbarLogger": _ITSELF,
        "ModelCheckpoint": _FILE,
        "OrbaxCheckpoint": _FILE,
        "BackupAndRestore": _FILE,
        "CSVLogger": _FILE,
        "TensorBoard": _FILE,
        "RemoteMonitor": "It sends results over the network, and runs have no network.",
        "LambdaCallback": _CODE,
        "LearningRateScheduler": f"{_CODE} Choose a schedule as the optimizer's learning rate instead.",
        "SwapEMAWeights": "Set `use_ema` on the optimizer instead: the averaged weights are taken at the end.",
    },
    "schedule": {"LearningRateSchedule": _BASE},
    "initializer": {
        "Initializer": _BASE,
        "STFT": "It is a part of STFTSpectrogram.",
    },
    "regularizer": {"Regularizer": _BASE},
    "constraint": {"Constraint": _BASE},
    "activation": {
        "glu": "It halves the number of features, which Keras does not reckon with when it connects layers.",
        "threshold": "It needs parameters, and an activation is chosen by name; use the ReLU layer.",
    },
}

_BATCH = "the batch size belongs to the training, and this axis stays open."
_ARRAY = "arrays of weights come from a run, not from the project file."
_PRECISE = "weights are quantized at export only."
_DENSE = "data is dense here."
_SCORES = "the model gives one score for each class."
_BOXES = "no data source here has bounding boxes."

PARAMS: dict[str, str] = {
    "Input.batch_size": _BATCH,
    "Input.batch_shape": _BATCH,
    "Input.tensor": "a tensor cannot stand in a project file.",
    "Input.ragged": _DENSE,
    "Input.optional": "every input of a model is fed.",
    "Bidirectional.weights": _ARRAY,
    "Embedding.weights": _ARRAY,
    "ReversibleEmbedding.weights": _ARRAY,
    "EinsumDense.gptq_unpacked_column_size": _PRECISE,
    "BatchNormalization.renorm_clipping": "it is a dictionary of arrays.",
    "Muon.exclude_layers": "it goes by names that Keras gives inside.",
    "TerminateOnNaN.raise_error": "a run always ends in order, with a sentence.",
    "OneHotIoU.sparse_y_pred": _SCORES,
    "OneHotMeanIoU.sparse_y_pred": _SCORES,
    "quantization_config": _PRECISE,
    "sparse": _DENSE,
    "stateful": "it needs a fixed batch size, and rows come shuffled.",
    "bounding_box_format": _BOXES,
    "autocast": "it is meant for layers written in code.",
    "pool_mode": "the layer's name says it.",
}
"""`Entry.parameter`, or a parameter of any entry."""


def entry_reason(kind: str, name: str) -> str:
    """Why it is not offered; empty when it is."""
    return ENTRIES[kind].get(name, "") if kind in ENTRIES else ""


def param_reason(kind: str, entry: str, name: str) -> str:
    """Why an argument cannot be set; empty when it can."""
    if name == "name" and kind != "metric":
        return "a layer is called by its node's id." if kind == "layer" else "Keras's own name is used."
    if name == "dtype" and kind in ("loss", "metric"):
        return "it is worked out in 32-bit floats."
    return PARAMS.get(f"{entry}.{name}") or PARAMS.get(name, "")
