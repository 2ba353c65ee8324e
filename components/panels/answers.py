"""Where a run's model is right and where it is wrong, for classes and for numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components import answers, charts, inside_charts, pictures, words
from components.answers import MOST_IN_LEGEND
from components.panels.asked import ask
from components.panels.reading import explain
from core.store import Run

MOST_COLUMNS = 40
MOST_CLASSES = 16
MOST_ON_LINE = 8
MOST_ROWS = 8
"""Longer tables scroll, so that the next one is in sight."""


def render(run: Run, part: str, weights: str) -> None:
    found = ask("examine", run, part=part, weights=weights)
    outputs = found["outputs"]
    if len(outputs) > 1:
        found = ask("examine", run, part=part, weights=weights, output=of_outputs(outputs))
    show(found, lambda cell: _cell(run, part, weights, found, cell))


def of_outputs(outputs: Sequence[str]) -> str:
    """Which of several outputs is looked at."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":gray[Output]", width="content")
        chosen = st.segmented_control(
            "Output", outputs, default=outputs[0], required=True, key="inspect.output", label_visibility="collapsed"
        )
    return str(chosen)


def show(found: Mapping[str, Any], cell: Callable[[tuple[int, int]], None] | None = None) -> None:
    """Draw what `core.inspect.examine` found.

    Args:
        cell: draws the rows of a cell of the confusion; without it a click chooses nothing.
    """
    if found["task"] == "regression":
        _numbers(found)
    else:
        _classes(found, cell)


def _classes(found: Mapping[str, Any], cell: Callable[[tuple[int, int]], None] | None) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _confusion(found, can_choose=cell is not None)
    with right:
        st.metric("Accuracy", f"{found['accuracy']:.1%}")
        st.caption(words.plain(_measure(found)))
        explain(
            "Precision: of those it calls so, how many are. Recall: of those that are, how many it finds. F1: both in "
            "one. [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-and-f-measures)"
        )
        table = pd.DataFrame(found["per_class"]).rename(columns={"name": "class"})
        height: Any = "auto" if len(table) <= MOST_CLASSES else 600
        st.dataframe(table, hide_index=True, column_config=_rates(table), height=height)
        if found["rows"] > found["examined"]:
            st.caption(f"The first {found['examined']:,} of {found['rows']:,} rows were examined.")
    if cell is not None and chosen is not None:
        cell(chosen)
    _curves(found)
    _examples("Most confident mistakes", found["wrong"], _MISTAKES if found["wrong"] else "None: every row is right.")
    _examples("Least confident hits", found["unsure"], _HITS if found["unsure"] else "None: no row is right.")


def _measure(found: Mapping[str, Any]) -> str:
    """`of 114 rows; always saying 'benign' would be right in 63.2%`."""
    largest = max(found["per_class"], key=lambda item: item["support"])
    share = largest["support"] / max(1, found["examined"])
    return f"of {found['examined']:,} rows; always saying {largest['name']!r} would be right in {share:.1%}"


def _confusion(found: Mapping[str, Any], *, can_choose: bool) -> tuple[int, int] | None:
    """The matrix, and the cell that was clicked."""
    rates = _shows_rates(" Click a cell to see its rows." if can_choose else "")
    drawn, key = charts.confusion(found["confusion"], found["class_names"], rates=rates), f"confusion.{rates}"
    quiet: dict[str, Any] = {"displayModeBar": False}
    if not can_choose:
        st.plotly_chart(drawn, key=f"{key}.still", config=quiet)
        return None
    event = st.plotly_chart(drawn, key=key, config=quiet, on_select="rerun", selection_mode="points")
    points = event["selection"]["points"]
    return (int(points[0]["y"]), int(points[0]["x"])) if points else None


def _shows_rates(hint: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = st.segmented_control(
            "Cells", ["Counts", "Rates"], default="Counts", required=True, key="cells", label_visibility="collapsed"
        )
        explain(
            f"Rows: the true class; columns: what the model said; off the diagonal: mistakes.{hint} "
            "[scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#confusion-matrix)",
        )
    return shown == "Rates"


def _cell(run: Run, part: str, weights: str, found: Mapping[str, Any], cell: tuple[int, int]) -> None:
    names = found["class_names"]
    chosen = ask("examine", run, part=part, weights=weights, output=found["output"], cell=list(cell))
    title = f"True {words.plain(names[cell[0]])}, predicted {words.plain(names[cell[1]])}"
    _examples(title, chosen["cell"], "" if chosen["cell"] else "No row is in this cell.")


_CURVES = (
    (
        "ROC",
        answers.roc,
        "roc",
        "The further to the upper left, the better it ranks; an area of 0.5 is guessing. "
        "[Fawcett, 2006](https://doi.org/10.1016/j.patrec.2005.10.010)",
    ),
    (
        "Precision and recall",
        answers.precision_recall,
        "precision_recall",
        "Of those it calls so, how many are; of those that are, how many it finds. "
        "[Davis and Goadrich, 2006](https://doi.org/10.1145/1143844.1143874)",
    ),
    (
        "Calibration",
        answers.calibration,
        "calibration",
        "On the dashed line, 80 % sure is right in 80 of 100; below it, too sure. A large point has many rows. "
        "[Guo et al., 2017](https://arxiv.org/abs/1706.04599)",
    ),
)
"""The title of each curve, its figure, where its numbers are, and how to read it."""


def _curves(found: Mapping[str, Any]) -> None:
    for column, (title, draw, name, reading) in zip(st.columns(3, gap="medium"), _CURVES, strict=True):
        with column:
            st.markdown(f"#### {title}", anchors=False)
            explain(reading)
            st.plotly_chart(draw(found[name]), key=f"curve.{name}")
            if name != "calibration":
                _unnamed(len(found[name]), len(found["class_names"]))


def _unnamed(drawn: int, classes: int) -> None:
    """Says which lines there are, if the legend does not."""
    if drawn > MOST_IN_LEGEND:
        which = f"The first {drawn} of {classes:,} classes. " * (drawn < classes)
        st.caption(f"{which}Point at a line for its class.")


def _rates(table: pd.DataFrame) -> dict[str, Any]:
    rates = {name: st.column_config.NumberColumn(format="%.3f") for name in ("precision", "recall", "f1")}
    return {name: config for name, config in rates.items() if name in table}


_MISTAKES = (
    "Where the model was surest and wrong: the first places to look for rows that are labelled wrongly. "
    "[Northcutt et al., 2021](https://arxiv.org/abs/1911.00068)"
)
_HITS = (
    "Right, but barely: more rows like these would help most. "
    "[Settles, 2009](https://burrsettles.com/pub/settles.activelearning.pdf)"
)


def _examples(title: str, examples: Sequence[Mapping[str, Any]], reading: str) -> None:
    st.markdown(f"#### {title}", anchors=False)
    if reading:
        explain(reading)
    if not examples:
        return
    if "image" not in examples[0]:
        _rows(examples)
        return
    with st.container(horizontal=True, gap="small"):
        for example in examples:
            st.image(pictures.enlarged(example["image"]), caption=_caption(example), width=88)


def _caption(example: Mapping[str, Any]) -> str:
    """`8 → 1 · 79%`; long names have a line of their own."""
    said, sure = f"{example['true']} → {example['predicted']}", f"{example['probability']:.0%}"
    return f"{words.plain(said)} · {sure}" if len(said) <= MOST_ON_LINE else f"{words.plain(said)}  \n{sure}"


def _rows(examples: Sequence[Mapping[str, Any]]) -> None:
    table = pd.DataFrame([_flat(example) for example in examples])
    short = {name: st.column_config.NumberColumn(format="%.4g") for name in ("true", "predicted", "error")}
    formats: dict[str, Any] = {name: config for name, config in short.items() if name in table and "error" in table}
    if "probability" in table:
        table["probability"] *= 100
        formats["probability"] = st.column_config.NumberColumn(format="%.1f%%")
    if "series" in table:
        formats["series"] = st.column_config.LineChartColumn("series", color=charts.VALIDATION)
    if (count := len(examples[0].get("features", ()))) > MOST_COLUMNS:
        st.caption(f"The first {MOST_COLUMNS} of {count:,} columns.")
    height: Any = 318 if len(table) > MOST_ROWS else "auto"
    st.dataframe(table, hide_index=True, column_config=formats, height=height, placeholder="–")


def _flat(example: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the table: what was said of the row, then the row."""
    said = {name: value for name, value in example.items() if name not in ("index", "features", "image")}
    features = list(example.get("features", {}).items())[:MOST_COLUMNS]
    return {"row": example["index"], **said, **dict(features)}


def _numbers(found: Mapping[str, Any]) -> None:
    is_seen = not {"again", "series"}.isdisjoint(found["worst"][0])
    if is_seen:
        _ends(found)
    columns = st.columns(3, gap="medium")
    unit = f"In the unit of {words.plain(found['target'])}, over {found['examined']:,} rows"
    columns[0].metric("Mean absolute error", words.metric(found["mae"]), help=unit)
    columns[1].metric("Root mean squared error", words.metric(found["rmse"]), help=unit + "; large errors count more")
    columns[2].metric("R²", words.metric(found["r2"]), help="1 is perfect; 0 is as good as always saying the mean")
    left, middle, right = st.columns(3, gap="medium")
    with left:
        explain(
            "On the dashed line the prediction is exact. "
            "[scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#visual-evaluation-of-regression-models)"
        )
        st.plotly_chart(
            charts.predicted_against_true(found["true"], found["predicted"], found["target"]), key="regression"
        )
    with middle:
        explain(
            "A good model leaves no pattern here: no slope, no curve, no fan. "
            "[NIST](https://www.itl.nist.gov/div898/handbook/pmd/section4/pmd44.htm)"
        )
        st.plotly_chart(answers.residuals(found["true"], found["predicted"], found["target"]), key="residuals")
    with right:
        explain(
            "One narrow hill around zero is good; a second one is a kind of row it misses. "
            "[NIST](https://www.itl.nist.gov/div898/handbook/pmd/section4/pmd445.htm)"
        )
        st.plotly_chart(
            inside_charts.histogram(found["edges"], found["counts"], height=440, title="predicted − true"),
            key="errors",
        )
    if not is_seen:
        _ends(found)


def _ends(found: Mapping[str, Any]) -> None:
    for title, name in (("Worst rows", "worst"), ("Best rows", "best")):
        st.markdown(f"#### {title}", anchors=False)
        if name == "worst":
            _how_to_read(found[name][0])
        _predicted(found[name], name, found.get("horizon", 1))


def _how_to_read(example: Mapping[str, Any]) -> None:
    if "series" in example:
        explain(
            "Grey is what the model was given; the dotted line should lie on the solid one. "
            "[Hyndman and Athanasopoulos, 2021](https://otexts.com/fpp3/)"
        )
    elif "again" in example:
        explain(
            "Above the input, below what the model made of it, with the row and its error: what is blurred did not fit "
            "through the model. [Hinton and Salakhutdinov, 2006](https://doi.org/10.1126/science.1127647)"
        )


def _predicted(examples: Sequence[Mapping[str, Any]], key: str, horizon: int) -> None:
    """Rows beside what the model made of them: as pictures, as series, or as a table."""
    if "series" in examples[0]:
        st.plotly_chart(answers.series(examples[:8], horizon), key=f"series.{key}")
    elif "again" in examples[0]:
        with st.container(horizontal=True, gap="small"):
            for example in examples[:12]:
                st.image(_pair(example), caption=f"{example['index']} · {example['error']:.3f}", width=88)
    else:
        _rows(examples)


def _pair(example: Mapping[str, Any]) -> Any:
    """The input above what the model made of it, with a line between."""
    above, below = pictures.enlarged(example["image"]), pictures.enlarged(example["again"])
    return np.concatenate([above, np.full_like(above[:2], 0.6), below])
