"""The Data page while the rows cannot be read: what is wrong can be set right there."""

from __future__ import annotations

from core.edits import Set
from core.errors import EngineError
from core.problems import Fix, Problem

TABLE = {"source": "csv", "path": "upload:0", "target": "y", "columns": {"size": {"kind": "number"}}}


class Refusing:
    """An engine that finds a column of words that is said to hold numbers: no rows, and a repair."""

    is_warm, error, seconds_left = True, "", 0.0

    def ask(self, question, timeout=None):
        if question["ask"] != "check":
            raise EngineError("There are no rows.")
        chosen = question["project"]["data"]["columns"]["size"]["kind"]
        repair = Fix("Make it a category", (Set(path="data.columns.size.kind", value="category"),))
        problem = Problem(None, "data.columns.size.kind", f"The column 'size' is said to hold {chosen}s.", repair)
        nothing = dict.fromkeys(("facts", "parameters", "trainable_parameters", "flops", "memory"))
        return {**nothing, "nodes": [], "problems": [problem.to_dict()]}


def test_rows_that_cannot_be_read_have_their_repair_on_the_page(service, opened, chain):
    """The field that was set wrongly is not there without rows."""
    service.engine = service.checker._engine = Refusing()
    page = opened({**chain, "data": TABLE}, "data")
    assert page.says("is said to hold numbers")
    assert "Kind" not in [box.label for box in page.at.selectbox]
    page.press("Make it a category")
    assert page.project.data.columns["size"].kind == "category"


def test_the_column_of_a_split_can_be_named_though_there_are_no_rows_until_it_is(service, opened, chain):
    class Knowing(Refusing):
        def ask(self, question, timeout=None):
            if question["ask"] == "columns":
                return {"columns": ["size", "who", "y"], "sheets": [], "dates": [], "texts": []}
            return super().ask(question, timeout)

    service.engine = service.checker._engine = Knowing()
    data = {
        "source": "csv",
        "path": "upload:1",
        "target": "y",
        "columns": {"size": {"kind": "number"}},
        "split": "group",
    }
    page = opened({**chain, "data": data}, "data").set("Split by", "who")
    assert page.project.data.split_by == "who"
    assert page.field("Split").value == "group"
