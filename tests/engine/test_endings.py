"""Each way to die has a sentence with a cause and a next step."""

from __future__ import annotations

import signal

import pytest

from core.engine import endings
from core.progress import RunView

AT_1234 = RunView(steps=1234)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-signal.SIGKILL, "ran out of memory. Everything up to step 1,234 is kept. Try a smaller batch size"),
        (-signal.SIGSEGV, "segmentation fault"),
        (-signal.SIGABRT, "aborted inside TensorFlow"),
        (-signal.SIGUSR1, f"ended by signal {signal.SIGUSR1:d}"),
        (-64, "ended by signal 64"),
        (1, "ended with code 1"),
        (0, "ended with code 0"),
    ],
)
def test_a_death_has_a_sentence(code, words):
    sentence = endings.died(code, AT_1234)
    assert words in sentence
    assert sentence.startswith("Training stopped unexpectedly")
    assert "step 1,234 is kept" in sentence


def test_a_run_that_died_before_its_first_step_promises_nothing():
    assert "No step had been made" in endings.died(-9, RunView())
    assert "is kept" not in endings.died(-9, RunView())


def test_too_much_memory_is_said_in_numbers_and_with_the_setting():
    sentence = endings.too_large(5120.4, 4096, AT_1234)
    assert "5,120 MB" in sentence
    assert "4,096 MB (EAGERLY_MEMORY_MB)" in sentence
