"""A lock tells whether its process lives, even after a kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.engine import pulse

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, pathlib
from core.engine import pulse
held = pulse.hold(pathlib.Path(sys.argv[1]))
print(held is not None, flush=True)
sys.stdin.read()
"""


def test_a_lock_ends_with_its_process(tmp_path):
    file = tmp_path / "run" / "keeper.lock"
    assert not pulse.is_held(file)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    assert pulse.is_held(file)
    assert pulse.hold(file) is None
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert not pulse.is_held(file)


def test_looking_does_not_take_the_lock(tmp_path):
    file = pulse.of_keeper(tmp_path)
    assert not pulse.is_held(file)
    held = pulse.hold(file)
    assert pulse.is_held(file)
    pulse.let_go(held)
    assert not pulse.is_held(file)
