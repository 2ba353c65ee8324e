"""Brings what was found in the copies of repeated blocks back to the layers that the user made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core import edits
from core.blocks import Expansion
from core.build.report import NodeReport, total
from core.edits import Edit, SetBlock, SetInputs
from core.problems import Fix, Problem
from core.spec import Block, ModelSpec

_NAMING = ("node", "after", "source", "inputs", "outputs", "shared_with", "id")
"""The fields of an edit that name layers."""


def reports(model: ModelSpec, found: Iterable[NodeReport], expansion: Expansion) -> tuple[NodeReport, ...]:
    """One for each layer of the model as the user made it.

    The counts of a layer in a repeated block are those of all its copies together, so that the totals remain the
    sums; its shape is what the last copy gives, for that is what leaves the block.
    """
    last = {report.id: report for report in found}
    copies: dict[str, list[NodeReport]] = {}
    for name, report in last.items():
        copies.setdefault(expansion.originals[name], []).append(report)
    return tuple(_together(last[node.id], copies[node.id]) for node in model.nodes)


def _together(last: NodeReport, copies: list[NodeReport]) -> NodeReport:
    if len(copies) == 1:
        return last
    return replace(
        last,
        parameters=total([report.parameters for report in copies]),
        trainable_parameters=total([report.trainable_parameters for report in copies]),
        flops=total([report.flops for report in copies]),
    )


def problems(model: ModelSpec, found: Iterable[Problem], expansion: Expansion) -> Iterator[Problem]:
    """Each problem of a copy at its original, and once even if all copies have it."""
    if not expansion.repeats:
        yield from found
        return
    seen: set[tuple[str, str | None]] = set()
    for problem in found:
        repeat = expansion.repeats.get(problem.node or "")
        if repeat is None or problem.node is None:
            yield _renamed(problem, expansion)
            continue
        place = (expansion.originals[problem.node], problem.field)
        if place not in seen:
            seen.add(place)
            yield _of_a_copy(model, problem, repeat, expansion)


def _of_a_copy(model: ModelSpec, problem: Problem, repeat: int, expansion: Expansion) -> Problem:
    """Says which copy it is; if it is not the first, the block may be repeated less often."""
    found = _renamed(problem, expansion)
    if repeat == 1:
        return found
    name = str(found.node)
    message = re.sub(rf"^{name}[:,] ", f"{name}, in repeat {repeat}: ", found.message)
    block = next(block for block in model.blocks if name in block.nodes)
    fixes = (_less_often(block, repeat - 1), *found.fixes)
    return replace(found, message=message, fix=fixes[0], others=fixes[1:])


def _less_often(block: Block, repeat: int) -> Fix:
    return Fix(f"Set repeat of {block.id} to {repeat}", (SetBlock(block=block.id, repeat=repeat),))


def _renamed(problem: Problem, expansion: Expansion) -> Problem:
    """In its sentence and its repairs every copy goes by the name of the original."""
    originals = expansion.originals
    fixes = [Fix(_said(fix.label, originals), _done(fix, expansion)) for fix in problem.fixes]
    fixes = [fix for fix in fixes if fix.edits]
    return replace(
        problem,
        node=originals.get(problem.node, problem.node) if problem.node else None,
        message=_said(problem.message, originals),
        fix=fixes[0] if fixes else None,
        others=tuple(fixes[1:]),
    )


def _said(text: str, originals: Mapping[str, str]) -> str:
    return re.sub(r"\w+", lambda word: originals.get(word[0], word[0]), text)


def _done(fix: Fix, expansion: Expansion) -> tuple[Edit, ...]:
    """The edits of a repair, on the originals; none where a copy's links would be set, for they run between copies."""
    if any(isinstance(edit, SetInputs) and expansion.repeats.get(edit.node, 1) > 1 for edit in fix.edits):
        return ()
    return tuple(edits.from_dict(_on_originals(edits.to_dict(edit), expansion.originals)) for edit in fix.edits)


def _on_originals(edit: Mapping[str, Any], originals: Mapping[str, str]) -> dict[str, Any]:
    return {key: _named(value, originals) if key in _NAMING else value for key, value in edit.items()}


def _named(value: Any, originals: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_named(item, originals) for item in value]
    name, colon, slot = str(value).partition(":")
    return f"{originals.get(name, name)}{colon}{slot}"
