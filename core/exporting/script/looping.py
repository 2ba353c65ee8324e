"""Writes the training section of the loop `custom`: a step with a gradient tape, called batch by batch."""

from __future__ import annotations

from core import graph
from core.errors import ExportError
from core.exporting.script import balancing, compiling, fitting
from core.exporting.script.compiling import Functions
from core.exporting.script.model import has_penalty
from core.exporting.script.writing import Call, assign, listed
from core.spec import Choice, Project


def lines(project: Project, functions: Functions, has_validation: bool) -> list[str]:
    """The steps, the loop over epochs, and the last line that prints the numbers."""
    found = ['mean_loss = keras.metrics.Mean(name="loss")', *_total_loss(project, functions)]
    found += _steps(project, functions, has_validation)
    found.append(fitting.dataset(project))
    if has_validation:
        found.append(fitting.dataset(project, "validation", "validation"))
    found += _callbacks(project)
    return [*found, *_epochs(project, has_validation), "print(json.dumps(logs, default=str))"]


def _steps(project: Project, functions: Functions, has_validation: bool) -> list[str]:
    penalty = " + sum(model.losses)" if has_penalty(project.model) else ""
    weights = {part: ", w" if balancing.has_weights(project, part) else "" for part in ("train", "validation")}
    counting = [
        f"    mean_loss.update_state(loss, sample_weight=tf.shape({_first_target(project)})[0])",
        *(f"    {line}" for line in _update(project)),
    ]
    found = [
        "\n\n"
        + "\n".join([*_decorator(project), *_train_step(project, functions, weights["train"], penalty), *counting])
    ]
    if _steps_per_call(project) > 1:
        found.append(_MANY)
    if has_validation:
        validate = [
            f"def validation_step(x, y{weights['validation']}):",
            "    prediction = model(x, training=False)",
            f"    loss = {_loss(project, functions, weights['validation'])}{penalty}",
        ]
        found.append("\n\n" + "\n".join([*_decorator(project), *validate, *counting]))
    return [*found, "\n\n" + _results(project) + "\n\n"]


def _train_step(project: Project, functions: Functions, weights: str, penalty: str) -> list[str]:
    """In mixed precision the gradients are those of a loss made larger, so that small ones are not lost."""
    is_scaled = project.compile.optimizer.name == "LossScaleOptimizer"
    return [
        f"def train_step(x, y{weights}):",
        "    with tf.GradientTape() as tape:",
        "        prediction = model(x, training=True)",
        f"        loss = {_loss(project, functions, weights)}{penalty}",
        *(["        scaled = optimizer.scale_loss(loss)"] if is_scaled else []),
        f"    gradients = tape.gradient({'scaled' if is_scaled else 'loss'}, model.trainable_weights)",
        "    optimizer.apply_gradients(zip(gradients, model.trainable_weights))",
    ]


_MANY = """

@tf.function
def train_steps(batches, count):
    for _ in tf.range(count):  # becomes a loop in the graph: one call of Python for many steps
        train_step(*next(batches))"""


def _decorator(project: Project) -> list[str]:
    if project.compile.run_eagerly:
        return []
    return ["@tf.function(jit_compile=True)" if project.compile.jit_compile is True else "@tf.function"]


def _steps_per_call(project: Project) -> int:
    steps = project.compile.steps_per_execution
    return 1 if steps == "auto" or project.compile.run_eagerly else steps


def _first_target(project: Project) -> str:
    return "y[0]" if len(project.model.outputs) > 1 else "y"


def _loss(project: Project, functions: Functions, weights: str) -> str:
    """The loss of a batch; several outputs have a function that adds theirs. `weights` are ", w" or nothing."""
    outputs = graph.outputs(project.model)
    if len(outputs) > 1:
        return f"total_loss(y, prediction{weights})"
    choice = compiling.loss_choice(project.compile, outputs[0])
    weight = (project.compile.loss_weights or {}).get(outputs[0])
    return _weighted(weight, _term(choice, functions, "loss_function", "", weights)) if choice else "0.0"


def _total_loss(project: Project, functions: Functions) -> list[str]:
    spec, outputs = project.compile, graph.outputs(project.model)
    if len(outputs) == 1:
        return []
    weights = ", w" if any(balancing.has_weights(project, part) for part in ("train", "validation")) else ""
    lines = [f"def total_loss(y, prediction{weights and ', w=None'}):", "    total = 0.0"]
    for place, output in enumerate(outputs):
        choice = compiling.loss_choice(spec, output)
        if choice is not None:
            term = _term(choice, functions, f"loss_functions[{place}]", f"[{place}]", weights)
            lines.append(f"    total += {_weighted((spec.loss_weights or {}).get(output), term)}")
    return ["\n\n" + "\n".join([*lines, "    return total"])]


def _term(choice: Choice, functions: Functions, function: str, place: str, weights: str) -> str:
    if choice.source and weights:
        raise ExportError(
            "A hand-written loop with weighted rows and a loss of your own cannot be written as code: Keras weighs the "
            "rows of such a loss inside model.fit only. Choose the loop fit, or let all rows count alike."
        )
    if choice.source:
        return f"tf.reduce_mean({functions[choice.source].name}(y{place}, prediction{place}))"
    return f"{function}(y{place}, prediction{place}{weights})"


def _weighted(weight: float | None, term: str) -> str:
    return term if weight is None else f"{weight!r} * {term}"


def _has_metrics(project: Project) -> bool:
    metrics = project.compile.metrics
    return any(metrics.values()) if isinstance(metrics, dict) else bool(metrics)


def _update(project: Project) -> list[str]:
    if not _has_metrics(project):
        return []
    if len(project.model.outputs) == 1:
        return ["for metric in metrics:", "    metric.update_state(y, prediction)"]
    return [
        "for some, target, output in zip(metrics, y, prediction):",
        "    for metric in some:",
        "        metric.update_state(target, output)",
    ]


def _results(project: Project) -> str:
    """A function that reads the metrics as plain numbers and sets them back for the next pass."""
    names = '{"loss": mean_loss}'
    body = []
    if _has_metrics(project) and len(project.model.outputs) == 1:
        names = '{"loss": mean_loss, **{metric.name: metric for metric in metrics}}'
    elif _has_metrics(project):
        body = [
            "    for name, some in zip(model.output_names, metrics):",
            '        found |= {f"{name}_{metric.name}": metric for metric in some}',
        ]
    return "\n".join(
        [
            "def results():",
            f"    found = {names}",
            *body,
            "    values = {name: metric.result().numpy().tolist() for name, metric in found.items()}",
            "    for metric in found.values():",
            "        metric.reset_state()",
            "    return values",
        ]
    )


def _callbacks(project: Project) -> list[str]:
    made = compiling.callbacks(project)
    if not made:
        return []
    held = Call("keras.callbacks.CallbackList", (listed(made), ("model", "model")))
    return ["model.optimizer = optimizer  # where callbacks look for it", assign("callbacks", held)]


def _epochs(project: Project, has_validation: bool) -> list[str]:
    called = bool(project.training.callbacks)
    steps = _steps_per_call(project)
    found = ["callbacks.on_train_begin()", "model.stop_training = False"] if called else []
    found.append(f"for epoch in range({project.training.epochs}):")
    found += ["    callbacks.on_epoch_begin(epoch)"] if called else []
    if steps > 1:
        found += [
            "    batches = iter(dataset)",
            f"    for step in range(0, len(dataset), {steps}):",
            f"        train_steps(batches, tf.constant(min({steps}, len(dataset) - step)))",
        ]
    else:
        weights = ", w" if balancing.has_weights(project, "train") else ""
        found += [f"    for x, y{weights} in dataset:", f"        train_step(x, y{weights})"]
    found.append("    logs = results()")
    found += _validation(project) if has_validation else []
    found.append("    print(epoch + 1, logs)")
    if called:
        found += [
            "    callbacks.on_epoch_end(epoch, logs)",
            "    if model.stop_training:",
            "        break",
            "callbacks.on_train_end(logs)",
        ]
    return ["\n".join(found)]


def _validation(project: Project) -> list[str]:
    """The validation rows, at the end of each epoch."""
    held = ", w" if balancing.has_weights(project, "validation") else ""
    return [
        f"    for x, y{held} in validation:",
        f"        validation_step(x, y{held})",
        '    logs |= {f"val_{name}": value for name, value in results().items()}',
    ]
