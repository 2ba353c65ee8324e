"""The sentence for each way in which a training process can end without a word of its own."""

from __future__ import annotations

import signal

from core.progress import RunView

_CRASHES = {
    signal.SIGSEGV: "crashed inside TensorFlow (segmentation fault)",
    signal.SIGABRT: "was aborted inside TensorFlow, most often for lack of memory",
    signal.SIGBUS: "crashed inside TensorFlow (bus error), most often because the disk is full",
    signal.SIGILL: "met an instruction that this processor does not have",
    signal.SIGFPE: "crashed on an arithmetic error inside TensorFlow",
    signal.SIGXFSZ: "tried to write a file that is larger than a run may write",
    signal.SIGTERM: "was asked to end by another program",
}


def died(code: int, view: RunView) -> str:
    """For an exit code as `os.waitstatus_to_exitcode` gives it; below 0 it is a signal."""
    if code == -signal.SIGKILL:
        return (
            f"Training stopped unexpectedly: its process was killed (signal 9), most often because the computer "
            f"ran out of memory. {kept(view)} Try a smaller batch size or a smaller model."
        )
    how = _CRASHES.get(signal.Signals(-code)) if code < 0 and -code in set(signal.Signals) else None
    how = how or (f"was ended by signal {-code}" if code < 0 else f"ended with code {code}")
    return f"Training stopped unexpectedly: its process {how}. {kept(view)} See log.txt in the run's folder."


def too_large(memory_mb: float, limit_mb: int, view: RunView) -> str:
    """For a process that was ended because it took too much memory."""
    return (
        f"Training was stopped: it used {memory_mb:,.0f} MB of memory, and a run may use {limit_mb:,} MB "
        f"(EAGERLY_MEMORY_MB). {kept(view)} Try a smaller batch size or a smaller model."
    )


def orphaned(view: RunView) -> str:
    """For a run whose keeper is gone, and the training with it."""
    return f"Training stopped unexpectedly: its process is gone (was the computer restarted?). {kept(view)}"


def unanswered(seconds: float, view: RunView) -> str:
    """For a process that did not stop when it was told to."""
    return f"The run did not answer to Stop within {seconds:g} s and was ended by force. {kept(view)}"


def out_of_time(seconds: int) -> str:
    """For a run that has taken all the time it may take."""
    return f"The run has reached the time limit of {seconds / 3600:g} h (EAGERLY_WALL_SECONDS) and was stopped."


def kept(view: RunView) -> str:
    """What is left of the run."""
    if not view.steps:
        return "No step had been made."
    return f"Everything up to step {view.steps:,} is kept."
