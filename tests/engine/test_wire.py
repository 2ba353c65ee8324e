"""Frames and objects arrive whole, however the pipe cuts them."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from core import settings
from core.engine.wire import Channel, Frames, pack, pair, settings_from_dict, settings_to_dict


@pytest.fixture
def channels():
    ends = [Channel(end) for end in pair()]
    yield ends
    for channel in ends:
        channel.close()


def test_frames_survive_any_cut():
    bodies = [b"", b"a", b"\x00\xff" * 1000, b"\n"]
    stream = b"".join(map(pack, bodies))
    chance = random.Random(1)
    for _ in range(50):
        frames, found, rest = Frames(), [], stream
        while rest:
            cut = chance.randint(1, 700)
            found += frames.feed(rest[:cut])
            rest = rest[cut:]
        assert found == bodies


def test_objects_arrive_in_order_and_the_end_is_seen(channels):
    here, there = channels
    here.send({"n": 1})
    here.send({"text": "ü" * 10_000})
    assert there.receive() == {"n": 1}
    assert there.receive(1.0) == {"text": "ü" * 10_000}
    here.close()
    assert there.receive() is None


def test_what_came_together_is_taken_together(channels):
    here, there = channels
    for number in range(3):
        here.send({"n": number})
    assert there.receive_all() == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_silence_has_a_limit(channels):
    with pytest.raises(TimeoutError):
        channels[1].receive(0.01)


def test_an_open_file_goes_along(channels, tmp_path):
    here, there = channels
    (tmp_path / "file").write_text("hello")
    with (tmp_path / "file").open() as file:
        here.send({"file": True}, (file.fileno(),))
    assert there.receive() == {"file": True}
    (received,) = there.files
    assert os.read(received, 10) == b"hello"


def test_settings_arrive_as_they_were(tmp_path):
    mine = settings.load({"EAGERLY_HOME": str(tmp_path), "EAGERLY_WORKERS": "3"})
    assert settings_from_dict(settings_to_dict(mine)) == mine
    assert isinstance(settings_from_dict(settings_to_dict(mine)).home, Path)
