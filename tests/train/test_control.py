"""Words while a run goes on: each is obeyed, in both loops, and told."""

from __future__ import annotations

import threading

import pytest

pytestmark = pytest.mark.keras


@pytest.fixture(params=["fit", "custom"])
def loop(request):
    return request.param


@pytest.fixture
def data(rows, dataset):
    return dataset(rows(320, 8), rows(32, 8, seed=1))


def tags(events):
    return [event.tag for event in events]


def after_steps(count):
    return lambda events: sum(len(event.loss) for event in events if event.tag == "steps") >= count


def test_a_step_is_one_step_however_many_a_call_may_hold(trained, dense, data, project, loop, words, losses):
    spec = project({"loop": loop, "epochs": 3}, steps_per_execution=10)
    plain = losses(trained(dense, spec, data))
    control = words("pause", "step", "step", "resume")
    events = trained(dense, spec, data, control)

    assert tags(events)[:6] == ["started", "paused", "resumed", "steps", "paused", "resumed"]
    assert tags(events)[6:9] == ["steps", "paused", "resumed"]
    assert [event.step for event in events if event.tag in ("paused", "resumed")] == [0, 0, 1, 1, 2, 2]
    assert [len(event.loss) for event in events if event.tag == "steps"][:2] == [1, 1]
    assert losses(events) == pytest.approx(plain, abs=1e-6)
    assert (events[-1].steps, events[-1].stopped) == (60, False)


def test_words_that_come_in_one_go_are_obeyed_one_by_one(trained, dense, data, project, loop, words):
    at_once = [(lambda events: True, word) for word in ("pause", "step", "step", "step", "stop")]
    events = trained(dense, project({"loop": loop}, steps_per_execution=4), data, words(*at_once))
    assert (events[-1].tag, events[-1].steps) == ("finished", 3)


def test_an_epoch_goes_to_the_end_of_the_epoch(trained, dense, data, project, loop, words):
    control = words("pause", "step", "epoch", "epoch", "resume")
    events = trained(dense, project({"loop": loop, "epochs": 3}), data, control)
    assert [event.step for event in events if event.tag == "paused"] == [0, 1, 20, 40]
    for index, event in enumerate(events):
        if event.tag == "paused" and event.step >= 20:
            assert "epoch" in tags(events[index - 1 : index]), "the pause came before the epoch was told"
    assert events[-1].tag == "finished"


def test_an_epoch_after_the_last_step_of_one_is_the_next_one(trained, dense, data, project, loop, words):
    control = words("pause", *["step"] * 20, "epoch", "resume")
    events = trained(dense, project({"loop": loop, "epochs": 3}), data, control)
    assert [event.step for event in events if event.tag == "paused"] == [*range(21), 40]
    assert events[-1].tag == "finished"


def test_the_time_of_a_pause_does_not_count(trained, dense, data, project, loop, words):
    class Slow(words):
        def wait(self):
            threading.Event().wait(1.0)
            return super().wait()

    events = trained(dense, project({"loop": loop}), data, Slow("pause", "resume"))
    trained_seconds = [event.seconds for event in events if event.tag == "epoch"]
    reference = trained(dense, project({"loop": loop}), data, words())
    assert trained_seconds[0] < 1.0 + max(event.seconds for event in reference if event.tag == "epoch")


def test_stop_keeps_the_weights_and_comes_soon(trained, dense, rows, dataset, project, loop, words, keras, tmp_path):
    data = dataset(rows(16000, 8), None)
    events = trained(dense, project({"loop": loop, "epochs": 100_000}), data, words((after_steps(30), "stop")))
    last = events[-1]
    assert (last.tag, last.stopped) == ("finished", True)
    assert 30 <= last.steps < 100_000, "of 50 million"
    assert last.metrics["loss"] > 0
    saved = keras.models.load_model(tmp_path / "model.keras")
    assert saved.count_params() == 195
    again = dense()
    again.load_weights(tmp_path / "last.weights.h5")
    for one, other in zip(saved.get_weights(), again.get_weights(), strict=True):
        assert (one == other).all()


def test_a_paused_run_can_be_stopped(trained, dense, data, project, loop, words):
    events = trained(dense, project({"loop": loop}), data, words("pause", "stop"))
    assert tags(events) == ["started", "paused", "finished"]
    assert (events[-1].steps, events[-1].stopped) == (0, True)


def test_the_learning_rate_can_be_set_by_hand(trained, dense, data, project, loop, words):
    control = words("pause", "epoch", "learning_rate=0.5", "learning_rate=fast", "learning_rate=-1", "resume")
    events = trained(dense, project({"loop": loop}), data, control)
    rates = [event.learning_rate for event in events if event.tag == "epoch"]
    assert rates == pytest.approx([0.01, 0.5])
    notes = [event.message for event in events if event.tag == "note"]
    assert notes[0] == "The learning rate is 0.5 from step 21 on."
    assert "not 'fast'" in notes[1]
    assert "above 0" in notes[2]
    assert len(notes) == 3


def test_a_scheduled_learning_rate_cannot(keras, trained, dense, data, project, loop, words):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 20, 0.5)
    control = words("pause", "learning_rate=0.5", "resume")
    events = trained(lambda: dense(keras.optimizers.SGD(schedule)), project({"loop": loop}), data, control)
    notes = [event.message for event in events if event.tag == "note"]
    assert notes == [
        "The learning rate follows a schedule, so it cannot be set by hand. "
        "Give the optimizer a plain number to be able to."
    ]
    assert [event.learning_rate for event in events if event.tag == "epoch"] == pytest.approx([0.05, 0.025])
