"""Chooses the execution of `"auto"` by measuring real steps of the run; none is wasted, none is made twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.events import Chosen, Speed
from core.train.program import Program
from core.train.rows import Piece

MEASURE_SECONDS = 0.3
"""So long an execution runs before its speed counts."""
LONG_RUN = 20.0
SHARE = 0.05
"""What the search may cost: this share of a long run; a shorter one pays what a run of LONG_RUN seconds would."""
BETTER = 1.1
"""A rival has to be faster by this factor: measurements on a busy machine differ by some per cent."""
_RANDOM = "XLA is left out: layers that draw random numbers would draw others under it."
_COMPILING = 3.0  # XLA takes about so many times what the first graph took to trace
_SLOWED = 0.5  # the share of its speed that training loses while another core compiles


@dataclass
class _Pace:
    """Steps and seconds of the calls that are about as long as the longest so far: short ones tell of the calls."""

    steps: int = 0
    seconds: float = 0.0
    longest: int = 0

    def add(self, steps: int, seconds: float) -> None:
        if steps > 2 * self.longest:
            self.steps, self.seconds = 0, 0.0
        self.longest = max(self.longest, steps)
        self.steps += steps
        self.seconds += seconds

    @property
    def rate(self) -> float:
        return self.steps / self.seconds if self.seconds else 0.0


class Search:
    """Graph steps begin at once; the rivals are compiled by another thread and then take their turn.

    Args:
        first: what the run begins with.
        rivals: what else to try, in this order; not where XLA would draw other random numbers.
        known: speeds that an earlier run of the same network measured on this machine, by execution.
        left: how many steps are still to come.
        choose: told once, when the choice is made.
        first_seconds: how long the first call of `first` took, if there was one.
    """

    def __init__(
        self,
        first: Program,
        rivals: Sequence[Program],
        known: Mapping[str, Speed],
        left: Callable[[], int],
        choose: Callable[[Chosen], None],
        first_seconds: float = 0.0,
    ) -> None:
        self.program = first
        self._first = self._best = first
        self._rivals = list(rivals)
        self._known = known if rivals and {str(one.plan) for one in (first, *rivals)} <= known.keys() else {}
        self._left = left
        self._choose = choose
        self._pace = _Pace()
        self._measured: dict[str, Speed] = {}
        self._first_seconds = first_seconds
        self._began = time.perf_counter()
        self._spent = 0.0
        self._thread: threading.Thread | None = None
        self._fault: Exception | None = None
        self.choice: Chosen | None = None

    @property
    def is_over(self) -> bool:
        return self.choice is not None

    def compiled(self, seconds: float) -> None:
        """How long the first call of the first program took."""
        self._first_seconds = self._first_seconds or seconds

    def ran(self, steps: int, seconds: float, piece: Piece) -> bool:
        """Take note of a call; whether another program runs the next one."""
        if self._thread is not None:
            return self._while_compiling(steps, seconds)
        if self._first.draws:
            self._rivals, self._known = [], {}
        if self._known:
            return self._remember(piece)
        self._pace.add(steps, seconds)
        if self.program is not self._best:
            self._spent += max(0.0, seconds - steps / self._rate(self._best))
            if self._is_hopeless():
                return self._judge(piece)
        if self._pace.seconds >= MEASURE_SECONDS:
            return self._judge(piece)
        return False

    def close(self) -> None:
        """Wait for the thread: a process must not end while XLA compiles in it."""
        if self._thread is not None:
            self._thread.join()

    def _is_hopeless(self) -> bool:
        return self._pace.seconds > MEASURE_SECONDS / 3 and self._pace.rate < self._rate(self._best) / 2

    def _while_compiling(self, steps: int, seconds: float) -> bool:
        assert self._thread is not None
        if self._best is self.program and str(self._best.plan) in self._measured:
            self._spent += max(0.0, seconds - steps / self._rate(self._best))
        if self._thread.is_alive():
            return False
        self._thread = None
        rival = self._rivals.pop(0)
        if self._fault is not None:
            self._settle(f"{rival.plan} cannot run this network.")
            return False
        self.program, self._pace = rival, _Pace()
        if self._known:
            self._best = rival
            self._settle("")
        return True

    def _remember(self, piece: Piece) -> bool:
        """An earlier run has measured: what is fastest for as many steps as are to come, compiling included?"""
        self._measured = {name: self._known[name] for name in self._known}
        names = [str(self._best.plan), *(str(rival.plan) for rival in self._rivals)]
        left = self._left()
        needed = {name: left / self._known[name].steps_per_second for name in names}
        needed |= {name: needed[name] + self._known[name].seconds for name in names[1:]}
        fastest = min(names, key=lambda name: needed[name])
        if fastest == names[0]:
            self._settle("")
            return False
        self._rivals = [rival for rival in self._rivals if str(rival.plan) == fastest]
        self._compile(piece)
        return False

    def _judge(self, piece: Piece) -> bool:
        """The program that runs has been measured."""
        name = str(self.program.plan)
        seconds = self.program.seconds or self._first_seconds
        self._measured[name] = Speed(name, self._pace.rate, seconds)
        changed = False
        if self.program is not self._best:
            if self._rate(self.program) > BETTER * self._rate(self._best):
                self._best = self.program
            else:
                self.program, changed = self._best, True
        self._pace = _Pace()
        if not self._rivals:
            self._settle("" if len(self._measured) > 1 else _RANDOM)
        elif reason := self._too_dear():
            self._settle(reason)
        else:
            self._compile(piece)
        return changed

    def _too_dear(self) -> str:
        """Why no other execution is tried; empty if one may be."""
        remaining = self._left() / self._rate(self._best)
        compiling = _COMPILING * self._first_seconds
        if remaining < 2 * compiling:
            return f"About {remaining:.0f} s are left: too short to compile {self._rivals[0].plan}."
        whole = max(LONG_RUN, time.perf_counter() - self._began + remaining)
        if self._spent + _SLOWED * compiling > SHARE * whole:
            return f"Trying {self._rivals[0].plan} would take more than {SHARE:.0%} of the run."
        return ""

    def _compile(self, piece: Piece) -> None:
        def make() -> None:
            try:
                self._rivals[0].make(piece)
            except Exception as fault:  # XLA refuses some networks: then the run goes on as it is
                self._fault = fault

        self._thread = threading.Thread(target=make, name="compile", daemon=True)
        self._thread.start()

    def _rate(self, program: Program) -> float:
        return max(1e-9, self._measured[str(program.plan)].steps_per_second)

    def _settle(self, reason: str) -> None:
        self.choice = Chosen(
            execution=str(self._best.plan),
            measured=tuple(self._measured.values()),
            remembered=bool(self._known),
            reason=reason,
        )
        self._choose(self.choice)
