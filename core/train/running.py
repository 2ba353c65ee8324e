"""One run from the seed to the finished model."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from core import build, data
from core.events import Chosen, Event, Failed, Finished, Note, Started
from core.spec import Project
from core.train import custom, fit, mishaps, order
from core.train.ahead import Ahead
from core.train.calls import Calls
from core.train.checkpoint import Checkpoints, State
from core.train.control import Control, Pilot, Stopped
from core.train.machine import Machine, key
from core.train.plan import Plan, is_auto, plan, rivals
from core.train.record import Diverged, Record
from core.train.reporter import Reporter
from core.train.rows import rows as rows_of
from core.train.session import Session
from core.train.start import Start
from core.train.trial import trial, uses_formula
from core.train.watching import hooks

if TYPE_CHECKING:
    from core.data import Dataset

_LOOPS = {"fit": fit, "custom": custom}


@dataclass(frozen=True)
class Job:
    """What is to be trained, on what, and where its files go."""

    project: Project
    dataset: Dataset
    folder: Path
    start: Start
    machine: Machine = field(default_factory=Machine)

    @property
    def steps_per_epoch(self) -> int:
        return -(-len(self.dataset.train.x[0]) // self.project.training.batch_size)

    @property
    def plan(self) -> Plan:
        return plan(self.project.compile, self.steps_per_epoch)


def run(job: Job, report: Callable[[Event], None], control: Control) -> None:
    """Seed, build and train, as an exported script does; see `core.train.run`."""
    training = job.project.training
    record = Record(report)
    try:
        job = replace(job, project=data.in_training(job.project, job.dataset.facts))
        with _quiet():
            keras.utils.set_random_seed(training.seed)
            model = build.compiled(job.project)
            callbacks = [build.keras_object("callback", choice) for choice in training.callbacks]
            train(model, callbacks, job, record, control)
    except Exception as error:
        record.say(Failed(mishaps.sentence(error, training, job.plan), details=traceback.format_exc()))


def train(model: Any, callbacks: list[Any], job: Job, record: Record, control: Control) -> None:
    """Train a compiled model; the last event is `Finished`, or `Failed` when the loss is no number any more."""
    job.folder.mkdir(parents=True, exist_ok=True)
    model.optimizer.build(model.trainable_variables)
    checkpoints = Checkpoints(model, job.folder, record, job.steps_per_epoch)
    began = [] if job.start.continued else checkpoints.begin(imported=job.project.training.initial_weights is not None)
    state = checkpoints.load() if job.start.continued else State()
    record.begin_at(state.step)
    how, notes = _possible(job.plan, model)
    pilot = Pilot(control, model.optimizer, record, checkpoints.write)
    if is_auto(job.project.compile) and any(map(_listens_to_batches, callbacks)):
        how = replace(how, steps=1)
    session = _session(model, job, how, state, pilot, record)
    if is_auto(job.project.compile) and session.portion > 1 and how == job.plan:
        _go_faster(session, job, callbacks, checkpoints)
    reporter = Reporter(record, _started(session, job, state), [*began, *notes], callbacks)
    watching = hooks(model, job.dataset.facts, job.folder, state.epoch, lambda: checkpoints.told())
    reporter.after_epoch = [checkpoints.epoch_done, *watching, pilot.epoch_done]
    session.callbacks = keras.callbacks.CallbackList(
        [*callbacks, reporter], add_history=True, model=model, epochs=session.epochs, steps=session.steps, verbose=0
    )
    try:
        to_the_end = _went_to_the_end(session, job)
    except Diverged as error:
        record.flush()
        message = mishaps.diverged(error, session.steps, record.learning_rate)
        checkpoints.back_to_good()
        record.say(Failed(message))
        return
    except Exception:
        with suppress(Exception):  # the first fault is the one to tell
            checkpoints.back_to_good()
        raise
    record.epoch_ends()
    _keep(model, job, checkpoints, record)
    record.say(_finished(session, reporter, to_the_end))


def _go_faster(session: Session, job: Job, callbacks: list[Any], checkpoints: Checkpoints) -> None:
    """`"auto"`: try faster executions, and several epochs in a call where nothing has to happen between them."""
    model, choose = session.model, _choose_while_training(session, job)
    if callbacks or isinstance(model.optimizer.get_config().get("learning_rate"), dict):
        return
    variables = [*model.variables, *model.optimizer.variables]
    ahead = Ahead(model, session.training, session.validation, session.orders, variables, choose)
    session.ahead = ahead
    checkpoints.told = lambda: ahead.told


def _keep(model: Any, job: Job, checkpoints: Checkpoints, record: Record) -> None:
    if uses_formula(job.project.compile):
        model.get_compile_config = lambda: None  # so that the file can be opened where our formulas are unknown
    if unsaved := checkpoints.finish():
        record.say(Note(unsaved))


def _session(model: Any, job: Job, how: Plan, state: State, pilot: Pilot, record: Record) -> Session:
    training = job.project.training
    train_step, test_step = _LOOPS[training.loop].steps(model)
    rows = rows_of(job.dataset.train, job.machine.resident_mb)
    x, y, *_ = rows.take(range(min(rows.count, training.batch_size)))
    trial(model, x, y, job.project.compile)
    held_out, portion = None, how.steps
    if job.dataset.validation is not None and len(job.dataset.validation.x[0]):
        validation = rows_of(job.dataset.validation, job.machine.resident_mb)
        passes = how
        if is_auto(job.project.compile) and how.steps == job.steps_per_epoch:  # a whole pass may be one call
            passes = replace(how, steps=-(-validation.count // training.batch_size))
            portion = max(portion, passes.steps)
        held_out = Calls(test_step, model.get_metrics_result, validation, training.batch_size, passes)
    return Session(
        model=model,
        portion=portion,
        training=Calls(train_step, model.get_metrics_result, rows, training.batch_size, how),
        validation=held_out,
        orders=order.Orders(order.epochs(rows.count, training.seed if training.shuffle else None, skip=state.epoch)),
        first_epoch=state.epoch,
        epochs=state.epoch + (job.start.epochs or training.epochs),
        skip=state.step - state.epoch * job.steps_per_epoch,
        pilot=pilot,
        record=record,
    )


def _choose_while_training(session: Session, job: Job) -> Callable[[Chosen], None]:
    """`"auto"`: try faster executions on the steps of this run, with what earlier runs measured in mind."""
    name = key(job.project, job.dataset)
    known = job.machine.known.get(name, {})
    convolves = any("Conv" in type(layer).__name__ for layer in session.model._flatten_layers())

    def choose(chosen: Chosen) -> None:
        session.execution = chosen.execution
        session.record.say(replace(chosen, key=name))

    session.training.look_for_faster(rivals(session.plan, convolves), known, lambda: session.steps_left, choose)
    return choose


def _listens_to_batches(callback: Any) -> bool:
    """Does it want to hear of every batch? What TerminateOnNaN looks for, the record finds sooner."""
    base, kind = keras.callbacks.Callback, type(callback)
    names = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
    overrides = any(getattr(kind, name) is not getattr(base, name) for name in names)
    return overrides and not isinstance(callback, keras.callbacks.TerminateOnNaN)


def _possible(wanted: Plan, model: Any) -> tuple[Plan, list[str]]:
    """The plan without XLA when a layer cannot be compiled by it."""
    stubborn = [layer.name for layer in model.layers if not layer.supports_jit]
    if not wanted.jit or not stubborn:
        return wanted, []
    how = replace(wanted, jit=False)
    return how, [f"XLA cannot compile {', '.join(stubborn)}, so the run uses {how}."]


def _started(session: Session, job: Job, state: State) -> Started:
    return Started(
        epochs=session.epochs,
        steps_per_epoch=session.steps,
        batch_size=job.project.training.batch_size,
        parameters=session.model.count_params(),
        execution=str(session.plan),
        loop=job.project.training.loop,
        first_epoch=state.epoch,
        first_step=state.step,
        at=time.time(),
    )


def _went_to_the_end(session: Session, job: Job) -> bool:
    """Run the loop; False if the user stopped it."""
    model = session.model
    try:
        _LOOPS[job.project.training.loop].loop(session)
    except Stopped:
        model.optimizer.finalize_variable_values(model.trainable_weights)  # as `fit` does at its end
        return False
    finally:
        for name in ("compute_loss", "_get_metrics_result_or_logs"):
            model.__dict__.pop(name, None)
        session.close()
    return True


def _finished(session: Session, reporter: Reporter, ran_to_the_end: bool) -> Finished:
    record = session.record
    metrics = reporter.metrics or {name: float(value) for name, value in session.model.get_metrics_result().items()}
    return Finished(
        metrics=metrics,
        steps=record.step,
        steps_per_second=record.steps_per_second,
        execution=session.execution or str(session.plan),
        epochs=reporter.epochs,
        seconds=record.seconds,
        traces=session.training.traces,
        stopped=reporter.ended_early or not ran_to_the_end,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keras prints some sentences to stdout, which belongs to the events; let it log them instead."""
    spoke = keras.config.is_interactive_logging_enabled()
    keras.config.disable_interactive_logging()
    try:
        yield
    finally:
        if spoke:
            keras.config.enable_interactive_logging()
