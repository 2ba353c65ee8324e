"""The optimizers, losses, metrics, callbacks, schedules and small objects that are taught, in teaching order."""

from __future__ import annotations

from functools import partial

from core.catalog.lesson import Lesson
from core.catalog.shelf import Target

_RATE = "learning_rate"
_ONE_HOT: tuple[Target, ...] = ("one_hot",)
_INTEGER: tuple[Target, ...] = ("integer",)
_BINARY: tuple[Target, ...] = ("binary",)
_YES_NO: tuple[Target, ...] = ("binary", "one_hot")
_REAL: tuple[Target, ...] = ("real",)
_NUMBERS: tuple[Target, ...] = ("real", "binary", "one_hot")
_LEVEL = 0.01

OPTIMIZERS = (
    Lesson("Adam", "everyday", "Adapts the step size of every weight; a good first choice.", _RATE),
    Lesson("SGD", "everyday", "Steps straight down the slope; add momentum to roll over bumps.",
           "learning_rate momentum nesterov"),
    Lesson("RMSprop", "everyday", "Divides each step by how large gradients were.", "learning_rate rho momentum"),
    Lesson("AdamW", "everyday", "Adam that also pulls weights towards zero.", "learning_rate weight_decay"),
    Lesson("Adagrad", "adaptive", "Gives rarely used weights larger steps.", _RATE),
    Lesson("Adadelta", "adaptive", "Adagrad whose steps do not die out.", "learning_rate rho"),
    Lesson("Adamax", "adaptive", "Adam that goes by the largest recent gradient.", _RATE),
    Lesson("Nadam", "adaptive", "Adam that looks one step ahead.", _RATE),
    Lesson("Lion", "adaptive", "Goes by the sign of the gradient only; wants a small learning rate.", _RATE),
    Lesson("Lamb", "adaptive", "Adam for very large batches.", _RATE),
    Lesson("Adafactor", "adaptive", "Adam with little memory, for large models.", _RATE),
    Lesson("Ftrl", "adaptive", "For wide, sparse linear models.", _RATE),
    Lesson("Muon", "adaptive", "Straightens the step of each weight matrix.", "learning_rate momentum"),
    Lesson("ScheduleFreeAdamW", "adaptive", "AdamW that needs no schedule: it averages as it goes.", _RATE),
)  # fmt: skip

_classes = partial(Lesson, category="classification")
_yes_no = partial(Lesson, category="yes or no")
_numbers = partial(Lesson, category="regression")
LOSSES = (
    _classes("SparseCategoricalCrossentropy", summary="For classes given as whole numbers.", basic="from_logits",
             target=_INTEGER, last_activation="softmax"),
    _classes("CategoricalCrossentropy", summary="For classes given as one column each.",
             basic="from_logits", target=_ONE_HOT, last_activation="softmax"),
    _yes_no("BinaryCrossentropy", summary="For yes or no, or several of them at once.",
            basic="from_logits", target=_YES_NO, last_activation="sigmoid"),
    _numbers("MeanSquaredError", summary="The mean of the squared errors: large errors count most.",
             target=_NUMBERS, last_activation="linear"),
    _numbers("MeanAbsoluteError", summary="The mean size of the errors: outliers count less.",
             target=_NUMBERS, last_activation="linear"),
    _numbers("Huber", summary="Squared for small errors, plain for large ones.", basic="delta", target=_NUMBERS,
             last_activation="linear"),
    _numbers("LogCosh", summary="A smooth mixture of squared and plain errors.", target=_NUMBERS,
             last_activation="linear"),
    _numbers("MeanAbsolutePercentageError", summary="The mean error in percent of the target.", target=_REAL,
             last_activation="linear"),
    _numbers("MeanSquaredLogarithmicError", summary="Compares orders of magnitude; for targets above zero.",
             target=_REAL, last_activation="relu"),
    _numbers("Poisson", summary="For counts, such as visitors a day.", target=_REAL, last_activation="exponential"),
    _numbers("CosineSimilarity", summary="Compares directions and ignores lengths.", target=("real", "one_hot"),
             last_activation="linear"),
    _classes("KLDivergence", summary="Compares two distributions.", target=_ONE_HOT, last_activation="softmax"),
    _classes("CategoricalFocalCrossentropy", summary="Crossentropy that looks at the hard rows most.",
             basic="alpha gamma", target=_ONE_HOT, last_activation="softmax"),
    _yes_no("BinaryFocalCrossentropy", summary="Yes or no, looking at the hard rows most.", basic="gamma",
            target=_YES_NO, last_activation="sigmoid"),
    _classes("CategoricalGeneralizedCrossEntropy", summary="For whole-number classes some of which are wrong.",
             basic="q", target=_INTEGER, last_activation="softmax"),
    _yes_no("Hinge", summary="Wants a clear margin between yes and no.", target=_BINARY, last_activation="tanh"),
    _yes_no("SquaredHinge", summary="As hinge, with clear mistakes counting more.", target=_BINARY,
            last_activation="tanh"),
    _classes("CategoricalHinge", summary="Wants the true class ahead by a clear margin.", target=_ONE_HOT,
             last_activation="linear"),
    _yes_no("Dice", summary="How well two areas overlap; for masks.", target=_YES_NO, last_activation="sigmoid"),
    _yes_no("Tversky", summary="As Dice, with misses and false alarms weighed apart.", basic="alpha beta",
            target=_YES_NO, last_activation="sigmoid"),
    _classes("Circle", summary="Learns vectors that lie close for the same class; wants UnitNormalization last.",
             basic="gamma margin", target=_INTEGER, last_activation="linear"),
)  # fmt: skip

METRICS = (
    _classes("SparseCategoricalAccuracy", summary="The share of right answers; whole-number classes.", target=_INTEGER),
    _classes("CategoricalAccuracy", summary="The share of right answers; one column for each class.", target=_ONE_HOT),
    _yes_no("BinaryAccuracy", summary="The share of right answers to yes or no.", basic="threshold", target=_YES_NO),
    _classes("SparseTopKCategoricalAccuracy", summary="How often the true class is among the k best; whole numbers.",
             basic="k", target=_INTEGER),
    _classes("TopKCategoricalAccuracy", summary="How often the true class is among the k best; one column each.",
             basic="k", target=_ONE_HOT),
    _yes_no("AUC", summary="The area under the ROC or PR curve: 1 is perfect, 0.5 is guessing.", basic="curve",
            target=_YES_NO),
    _yes_no("Precision", summary="Of what was called yes, how much was right.", basic="thresholds", target=_YES_NO),
    _yes_no("Recall", summary="Of what is yes, how much was found.", basic="thresholds", target=_YES_NO),
    _yes_no("F1Score", summary="Precision and recall in one number.", basic="average", starting={"average": "macro"},
            target=_YES_NO),
    _yes_no("FBetaScore", summary="As F1, with recall counting more or less.", basic="beta average",
            starting={"average": "macro"}, target=_YES_NO),
    *(_yes_no(name, summary=summary, basic="thresholds", target=_YES_NO) for name, summary in (
        ("TruePositives", "How many were rightly called yes."), ("TrueNegatives", "How many were rightly called no."),
        ("FalsePositives", "How many were wrongly called yes."),
        ("FalseNegatives", "How many were wrongly called no."))),
    *(_yes_no(name, summary=summary, basic=fixed, starting={fixed: 0.9}, target=_BINARY) for name, fixed, summary in (
        ("PrecisionAtRecall", "recall", "The best precision while a recall is kept."),
        ("RecallAtPrecision", "precision", "The best recall while a precision is kept."),
        ("SensitivityAtSpecificity", "specificity", "The most hits while a share of false alarms is kept."),
        ("SpecificityAtSensitivity", "sensitivity", "The fewest false alarms while a share of hits is kept."))),
    _numbers("MeanAbsoluteError", summary="The mean size of the errors, in units of the target.", target=_NUMBERS),
    _numbers("MeanSquaredError", summary="The mean of the squared errors.", target=_NUMBERS),
    _numbers("RootMeanSquaredError", summary="The mean squared error in the target's units.", target=_NUMBERS),
    _numbers("R2Score", summary="The share of the spread that the model explains: 1 is perfect, 0 is the mean.",
             target=("real", "one_hot")),
    _numbers("MeanAbsolutePercentageError", summary="The mean error in percent of the target.", target=_REAL),
    _numbers("MeanSquaredLogarithmicError", summary="The error in orders of magnitude.", target=_REAL),
    _numbers("LogCoshError", summary="A smooth mixture of squared and plain errors.", target=_NUMBERS),
    _numbers("PearsonCorrelation", summary="How straight predictions rise with targets, from -1 to 1.",
             starting={"axis": 0}, target=_REAL),
    _numbers("ConcordanceCorrelation", summary="How closely predictions agree, from -1 to 1.",
             starting={"axis": 0}, target=_REAL),
    _numbers("CosineSimilarity", summary="How alike the directions are, from -1 to 1.", target=("real", "one_hot")),
    _numbers("Poisson", summary="The Poisson loss, for counts.", target=_REAL),
    _classes("SparseCategoricalCrossentropy", summary="The crossentropy; whole-number classes.", basic="from_logits",
             target=_INTEGER),
    _classes("CategoricalCrossentropy", summary="The crossentropy; one column for each class.", basic="from_logits",
             target=_ONE_HOT),
    _yes_no("BinaryCrossentropy", summary="The crossentropy of yes or no.", basic="from_logits", target=_YES_NO),
    _classes("KLDivergence", summary="How far two distributions are apart.", target=_ONE_HOT),
    _yes_no("Hinge", summary="The hinge loss, which wants a clear margin.", target=_BINARY),
    _yes_no("SquaredHinge", summary="The squared hinge loss.", target=_BINARY),
    _classes("CategoricalHinge", summary="The hinge loss over several classes.", target=_ONE_HOT),
    _yes_no("BinaryIoU", summary="How well two areas overlap, for yes or no.", basic="threshold", target=_BINARY),
    _classes("MeanIoU", summary="How well areas overlap, over all classes; whole numbers.",
             basic="num_classes sparse_y_pred", starting={"num_classes": 2, "sparse_y_pred": False}, target=_INTEGER),
    _classes("IoU", summary="How well areas overlap, for chosen classes; whole numbers.",
             basic="num_classes target_class_ids sparse_y_pred", target=_INTEGER,
             starting={"num_classes": 2, "target_class_ids": [0], "sparse_y_pred": False}),
    _classes("OneHotMeanIoU", summary="How well areas overlap, over all classes; one column each.",
             basic="num_classes", starting={"num_classes": 2}, target=_ONE_HOT),
    _classes("OneHotIoU", summary="How well areas overlap, for chosen classes; one column each.",
             basic="num_classes target_class_ids", target=_ONE_HOT,
             starting={"num_classes": 2, "target_class_ids": [0]}),
)  # fmt: skip

CALLBACKS = (
    Lesson("EarlyStopping", "stopping", "Ends the run when a number stops getting better.",
           "monitor patience restore_best_weights", {"patience": 3, "restore_best_weights": True}),
    Lesson("ReduceLROnPlateau", "learning rate", "Lowers the learning rate when a number stops getting better.",
           "monitor factor patience", {"factor": 0.5, "patience": 3}),
    Lesson("TerminateOnNaN", "stopping", "Ends the run when the loss is no number any more."),
)  # fmt: skip

_falling = partial(Lesson, category="schedule")
_START = "initial_learning_rate decay_steps"
SCHEDULES = (
    _falling("ExponentialDecay", summary="Falls by the same share in every round.", basic=f"{_START} decay_rate",
             starting={"initial_learning_rate": 0.01, "decay_steps": 1000, "decay_rate": 0.9}),
    _falling("CosineDecay", summary="Falls along a smooth wave; may warm up first.", basic=f"{_START} warmup_steps",
             starting={"initial_learning_rate": 0.01, "decay_steps": 1000}),
    _falling("CosineDecayRestarts", summary="Falls along a wave and jumps up again, round after round.",
             basic="initial_learning_rate first_decay_steps",
             starting={"initial_learning_rate": 0.01, "first_decay_steps": 500}),
    _falling("PolynomialDecay", summary="Falls along a line or a curve to a given end.",
             basic=f"{_START} end_learning_rate power", starting={"initial_learning_rate": 0.01, "decay_steps": 1000}),
    _falling("InverseTimeDecay", summary="Falls fast at first, then ever slower.", basic=f"{_START} decay_rate",
             starting={"initial_learning_rate": 0.01, "decay_steps": 1000, "decay_rate": 1.0}),
    _falling("PiecewiseConstantDecay", summary="Holds one value after another.", basic="boundaries values",
             starting={"boundaries": [500], "values": [0.01, 0.001]}),
)  # fmt: skip

_spread = partial(Lesson, category="random")
_fixed = partial(Lesson, category="fixed")
INITIALIZERS = (
    _spread("GlorotUniform", summary="Suits most layers; Keras's own choice."),
    _spread("GlorotNormal", summary="As GlorotUniform, bell-shaped."),
    _spread("HeNormal", summary="Suits layers with relu."),
    _spread("HeUniform", summary="As HeNormal, evenly spread."),
    _spread("LecunNormal", summary="Suits layers with selu."),
    _spread("LecunUniform", summary="As LecunNormal, evenly spread."),
    _spread("RandomNormal", summary="Random values around a mean, bell-shaped.", basic="mean stddev"),
    _spread("RandomUniform", summary="Random values, evenly spread.", basic="minval maxval"),
    _spread("TruncatedNormal", summary="Bell-shaped, without the far ends.", basic="mean stddev"),
    _spread("VarianceScaling", summary="A spread that fits the inputs or outputs.", basic="scale mode distribution"),
    _spread("Orthogonal", summary="Rows at right angles; suits recurrent weights.", basic="gain"),
    _fixed("Zeros", summary="All zero."),
    _fixed("Ones", summary="All one."),
    _fixed("Constant", summary="All the same value.", basic="value"),
    _fixed("Identity", summary="Passes the input on unchanged at first; for square weights.", basic="gain"),
)  # fmt: skip
REGULARIZERS = (
    Lesson("L2", "penalty", "Keeps weights small.", "l2", {"l2": _LEVEL}),
    Lesson("L1", "penalty", "Pushes many weights to zero.", "l1", {"l1": _LEVEL}),
    Lesson("L1L2", "penalty", "Both at once.", "l1 l2", {"l1": _LEVEL, "l2": _LEVEL}),
    Lesson("OrthogonalRegularizer", "penalty", "Keeps rows or columns at right angles.", "factor mode"),
)  # fmt: skip
CONSTRAINTS = (
    Lesson("MaxNorm", "limit", "Shortens weight vectors that are too long.", "max_value"),
    Lesson("MinMaxNorm", "limit", "Keeps the length of weight vectors between two values.", "min_value max_value"),
    Lesson("NonNeg", "limit", "Keeps weights from being negative."),
    Lesson("UnitNorm", "limit", "Keeps weight vectors at length 1."),
)  # fmt: skip
