"""Final tests: what a run's model said of the rows that were set aside for the end; one for each state of a run."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import select

from core.errors import StoreError
from core.store.database import Database
from core.store.records import OVER, FinalTest, Run
from core.store.tables import final_tests, runs


class FinalTests(Database):
    """The part of the store that holds final tests. A run that is trained further has a new ticket, and a new test."""

    def final_test(self, run: Run) -> FinalTest | None:
        """The test of the run as it stands; None if it has not been tested since it was trained."""
        query = select(final_tests).where(final_tests.c.run_id == run.id, final_tests.c.ticket == run.ticket)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return FinalTest(**row._mapping) if row else None

    def final_scores(self, project_id: str) -> dict[str, dict[str, float]]:
        """For each tested run of a project, by its id, the score of the run as it stands: its name and the number."""
        asked = select(final_tests.c.run_id, final_tests.c.score).join(
            runs, (runs.c.id == final_tests.c.run_id) & (runs.c.ticket == final_tests.c.ticket)
        )
        with self._read() as connection:
            return {row.run_id: row.score for row in connection.execute(asked.where(runs.c.project_id == project_id))}

    def keep_final_test(self, run: Run, weights: str, answers: dict[str, Any]) -> FinalTest:
        """Keep what was found; the first test of a state stays, and comes back whatever is found later.

        Args:
            run: as it was when its weights were looked at.
            weights: "last" or "best".
            answers: by output, what `core.inspect.examine` said of the test part.

        Raises:
            StoreError: if the run has gone on since, or is deleted.
        """
        same = select(runs.c.id).where(runs.c.id == run.id, runs.c.ticket == run.ticket, runs.c.status.in_(OVER))
        mine = (final_tests.c.run_id == run.id) & (final_tests.c.ticket == run.ticket)
        with self._write("the final test") as connection:
            if connection.scalar(same.with_for_update()) is None:
                raise StoreError(
                    f"{run.name} has gone on meanwhile, so this test is not kept. Test it when it is over."
                )
            kept = connection.execute(select(final_tests).where(mine)).one_or_none()
            if kept is None:
                found = {"weights": weights, "created": time.time(), "score": _score(answers), "answers": answers}
                connection.execute(final_tests.insert().values(run_id=run.id, ticket=run.ticket, **found))
                kept = connection.execute(select(final_tests).where(mine)).one()
        return FinalTest(**kept._mapping)


def _score(answers: dict[str, Any]) -> dict[str, float]:
    """Of the first output: accuracy, or the mean absolute error."""
    first = next(iter(answers.values()))
    return {name: float(first[field]) for name, field in (("accuracy", "accuracy"), ("MAE", "mae")) if field in first}
