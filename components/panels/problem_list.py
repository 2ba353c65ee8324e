"""What is wrong with the project, by the layer or the part that it is about, each with its repairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from components import state, words
from core.problems import Fix, Problem

PARTS = {"data": "Data", "compile": "Compile", "training": "Training"}
MOST = 30


def render(problems: Sequence[Problem], *, scope: str, wide: bool = False) -> None:
    """`scope` keeps the buttons' keys apart where a page shows two lists; `wide`: on another page
    than the layers, with the repairs beside the words.
    """
    if not problems:
        return
    repairable = sum(problem.fix is not None for problem in problems)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {len(problems)} problem{'s' if len(problems) > 1 else ''}", width="content", anchors=False)
        st.space("stretch")
        if repairable > 1:
            st.button(
                f"Repair all {repairable}",
                key=state.key("fix", scope, "all"),
                icon=":material/build:",
                on_click=_repair_all,
                help="Make the first repair of each problem, and of what comes to light then. Undo takes all back.",
            )
    shown = _by_part(problems[:MOST])
    for part, found in shown.items():
        with st.container(border=True, gap="xsmall", key=f"problems-{scope}-{words.snake_case(part)}"):
            _part(part, found, scope, wide)
    if len(problems) > MOST:
        st.caption(f"And {len(problems) - MOST} more, which may go with these.")


def _by_part(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Those of the selected layers first, then the other layers, then the rest."""
    chosen = set(state.selected())
    found: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: (one.node not in chosen, one.node is None)):
        found.setdefault(problem.node or part_of(problem.field), []).append(problem)
    return found


def part_of(field: str | None) -> str:
    """`Compile` for `compile.loss`."""
    return PARTS.get((field or "").partition(".")[0], "Model")


def _part(part: str, problems: Sequence[Problem], scope: str, wide: bool) -> None:
    node = problems[0].node
    if node is None:
        st.markdown(f"**{part}**")
    elif _leads_to(node, scope) and wide:
        state.go("Model")
    for index, problem in enumerate(problems):
        _problem(problem, state.key("fix", scope, part, str(index)), wide)


def _leads_to(node: str, scope: str) -> bool:
    return st.button(
        f"**{node}**",
        icon=":material/my_location:",
        type="tertiary",
        key=f"go.{scope}.{node}",
        help="Show it",
        on_click=select,
        args=(node,),
    )


def select(name: str) -> None:
    """Select a layer, or the layers of a block."""
    blocks = {block.id: block.nodes for block in state.project().model.blocks}
    state.select(blocks.get(name, (name,)))


def _problem(problem: Problem, key: str, wide: bool) -> None:
    with st.container(horizontal=wide, vertical_alignment="center" if wide else "top", gap="xsmall"):
        st.markdown(f":red[:material/error:] {words.plain(_without_node(problem))}")
        with st.container(horizontal=True, gap="xsmall", width="content" if wide else "stretch"):
            for index, fix in enumerate(problem.fixes):
                st.button(fix.label, key=f"{key}.{index}", icon=":material/build:", on_click=repair, args=(fix,))
    if problem.details:
        with st.expander("Keras's own words", type="compact"):
            st.code(problem.details, language=None, wrap_lines=True)


def _without_node(problem: Problem) -> str:
    """The sentence without the layer's name, which stands above it."""
    text = problem.message
    for start in (f"{problem.node}: ", f"{problem.node}, "):
        if text.startswith(start):
            return text[len(start)].upper() + text[len(start) + 1 :]
    return text


def repair(fix: Fix) -> None:
    state.edit(*fix.edits)


def _repair_all() -> None:
    state.edit(*state.services().checker.repairs(state.project()))
