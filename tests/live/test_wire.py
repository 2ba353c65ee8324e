"""What goes over the wire: few points, all of the run, valid JSON."""

from __future__ import annotations

import array
import json
import math

import pytest

from components.feed import frame, wire
from core.events import Epoch, Finished, Note, Started, Steps, encode


def steps(first, losses):
    return Steps(first=first, loss=array.array("f", losses))


def started(**more):
    about = {"epochs": 2, "steps_per_epoch": 5, "batch_size": 8, "parameters": 9, "execution": "graph", "loop": "fit"}
    return Started(**about | more)


def test_few_steps_come_as_they_are():
    assert wire([steps(0, [0.5, 0.25])], 400) == [
        {"type": "steps", "first": 0, "count": 2, "stride": 1, "loss": [0.5, 0.25]}
    ]


def test_neighbouring_steps_become_one_entry_even_with_an_epoch_between():
    entries = wire([steps(0, [1, 2]), Epoch(epoch=0, metrics={"loss": 1.5}), steps(2, [3])], 400)
    assert [entry["type"] for entry in entries] == ["epoch", "steps"]
    assert entries[1]["loss"] == [1, 2, 3]


def test_many_steps_are_thinned_to_means_in_order_and_none_is_left_out():
    losses = [float(place) for place in range(10_007)]
    (entry,) = wire([steps(0, losses[:5000]), steps(5000, losses[5000:])], 400)
    assert len(entry["loss"]) <= 400
    assert (entry["first"], entry["count"]) == (0, 10_007)
    assert entry["loss"] == sorted(entry["loss"])
    stride = entry["stride"]
    whole = [sum(losses[at : at + stride]) / len(losses[at : at + stride]) for at in range(0, len(losses), stride)]
    assert entry["loss"] == pytest.approx(whole, rel=1e-4)


def test_a_gap_in_the_steps_is_not_papered_over():
    entries = wire([steps(0, [1, 2]), steps(10, [3])], 400)
    assert [(entry["first"], entry["count"]) for entry in entries] == [(0, 2), (10, 1)]


def test_a_continued_run_tells_its_start_between_the_old_steps_and_the_new():
    entries = wire([steps(0, [1, 2, 3]), started(first_step=2), steps(2, [9])], 400)
    assert [entry["type"] for entry in entries] == ["steps", "started", "steps"]


def test_of_very_many_epochs_some_are_left_out_but_never_the_last():
    epochs = [Epoch(epoch=place, metrics={"loss": 1.0}) for place in range(3001)]
    entries = wire([started(), *epochs, Note(message="EarlyStopping")], 400)
    shown = [entry["epoch"] for entry in entries if entry["type"] == "epoch"]
    assert len(shown) <= 401
    assert shown == sorted(shown)
    assert shown[-1] == 3000
    assert [entry["type"] for entry in (entries[0], entries[-1])] == ["started", "note"]


def refuse(word):
    raise AssertionError(f"{word} is not JSON")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_becomes_null_and_the_message_stays_valid_json(bad):
    rows = [
        (1, encode(steps(0, [0.5, bad]))),
        (2, encode(Epoch(epoch=0, metrics={"loss": bad, "val_loss": 0.25}))),
        (3, encode(Finished(metrics={"loss": bad}, steps=2, steps_per_second=bad, execution="graph"))),
    ]
    text = frame(0, rows, 400).message.decode().split("data: ", 1)[1]
    entries = json.loads(text, parse_constant=refuse)
    assert entries[-1]["loss"] == [0.5, None]
    assert entries[0]["metrics"] == {"loss": None, "val_loss": 0.25}


def test_a_mean_leaves_out_what_is_no_number_instead_of_hiding_its_neighbours():
    (entry,) = wire([steps(0, [2.0, math.nan, math.nan, math.nan])], 2)
    assert entry["loss"] == [2.0, None]


def test_a_users_words_cannot_break_out_of_the_message():
    body = encode(Note(message="first\n\nevent: end\ndata: {}\r\n\u2028<script>"))
    message = frame(0, [(1, body)], 400).message
    assert message.count(b"\n\n") == 1
    assert message.count(b"event:") == message.count(b"\\n\\nevent:")
