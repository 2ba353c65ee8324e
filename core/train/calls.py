"""Runs a step function over an epoch, in calls of one step or many, each about a tenth of a second long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from core.events import Chosen, Speed
from core.train.plan import Plan
from core.train.program import Logs, Losses, Program, Step
from core.train.rows import Piece, Rows
from core.train.search import Search

__all__ = ["Calls", "Logs", "Losses", "Step"]

CALL_SECONDS = 0.1  # a call should take no longer, so that a word is obeyed within half a second


class Calls:
    """Runs a step function over the batches of an epoch, many steps a call if the plan says so.

    Args:
        step: what happens with one batch.
        results: the metrics so far, asked for after a call of many steps.
        rows: the data.
        batch_size: rows per step; the last step of an epoch takes what is left.
        plan: the execution.
    """

    def __init__(self, step: Step, results: Callable[[], Logs], rows: Rows, batch_size: int, plan: Plan) -> None:
        self.rows = rows.count
        self.steps = -(-rows.count // batch_size)
        self.search: Search | None = None
        self._made: Callable[[Plan], Program] = partial(Program, step, results, rows)
        self.step = step
        self.results = results
        self.data = rows
        self.batch_size = batch_size
        self._whole = rows.count // batch_size  # steps with a full batch
        self._order: Any = None
        self._first = self._program = self._made(plan)
        self._first_seconds = 0.0  # of the first call, in which TensorFlow traced
        self._called: set[tuple[Program, bool]] = set()
        self._most = 1  # steps a call: grows with the measured speed, so that the first point comes at once

    @property
    def plan(self) -> Plan:
        """The execution of the next call."""
        return self._program.plan

    @property
    def compile_seconds(self) -> float:
        """How long TensorFlow traced and compiled what runs now."""
        return self._program.seconds or self._first_seconds

    def look_for_faster(
        self,
        rivals: tuple[Plan, ...],
        known: Mapping[str, Speed],
        left: Callable[[], int],
        choose: Callable[[Chosen], None],
    ) -> None:
        """Try other executions while training; see `Search`."""
        programs = [self._made(plan) for plan in rivals]
        self.search = Search(self._program, programs, known, left, choose, self._first_seconds)

    def span(
        self,
        order: Any,
        begin: int,
        end: int,
        allow: Callable[[int], int],
        done: Callable[[Losses, float], None],
    ) -> Logs:
        """Run the steps from `begin` until before `end` of one epoch, in as few calls as may be.

        Args:
            order: the row numbers of the epoch, int64, shape (rows,).
            begin: the first step, counted within the epoch.
            end: the step to stop before; steps past the end of the epoch do not exist.
            allow: asked before each call how many of the wanted steps may run.
            done: told after each call the loss of its every step, and how many seconds it took if it was the first
                of its kind (TensorFlow traces and compiles then), else 0.

        Returns:
            The metrics so far, as `train_step` returns them.
        """
        logs: Logs = {}
        end = min(end, self.steps)
        if order is not self._order:
            self._order = order
            self.data.divide(order, self.batch_size)
        while begin < end:
            losses, logs, compiling = self._run(begin, allow(min(end - begin, self._most, self.plan.steps)))
            begin += len(losses)
            done(losses, compiling)
        return logs or self.results()

    def _run(self, first: int, count: int) -> tuple[Losses, Logs, float]:
        """One call; it takes fewer steps than wanted where the data say so."""
        is_short = first == self._whole
        piece = self.data.piece(first)
        # The short last batch would have to be compiled on its own: where a search compiles, it stays in the graph.
        program = self._first if is_short and self.search else self._program
        count = min(count, piece.steps)
        began = time.perf_counter()
        losses, logs = program(piece, count)
        seconds = time.perf_counter() - began
        if (program, is_short) not in self._called:
            self._called.add((program, is_short))
            if not program.seconds:
                self._first_seconds = self._first_seconds or seconds
            if self.search:
                self.search.compiled(self._first_seconds)
            return losses, logs, 0.0 if program.seconds else seconds
        if not is_short:
            self._learn(piece, count, seconds)
        return losses, logs, 0.0

    def _learn(self, piece: Piece, count: int, seconds: float) -> None:
        """How long should calls be, and what should run them?"""
        if self._most < self._program.plan.steps or seconds > CALL_SECONDS:
            enough = int(count * CALL_SECONDS / max(seconds, 1e-9))
            self._most = max(1, min(enough, 16 * self._most, self._program.plan.steps))
        if self.search and not self.search.is_over and self.search.ran(count, seconds, piece):
            self._program, self._most = self.search.program, 1
