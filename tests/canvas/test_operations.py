"""Each operation does the same in the server and in the browser: by golden cases, and by chance."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from core import document, edits
from core.errors import SpecError

GOLDEN = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((Path(__file__).parent / "golden").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]
SENT = {
    *("add", "insert_before", "remove", "duplicate", "rename", "share", "set_param", "reset_param"),
    *("set_inputs", "set_outputs", "connect", "disconnect", "place", "tidy"),
    *("make_block", "set_block", "dissolve", "together"),
}
LAYERS = ("Dense", "Dropout", "Add", "Concatenate", "LSTM", "Attention", "Subtract", "Input", "Lambda", "Conv2D")


def project(model):
    return document.from_dict({"data": {"source": "digits"}, "model": model})


def in_python(model, op):
    try:
        return {"after": document.to_dict(edits.apply(project(model), edits.from_dict(op)))["model"]}
    except SpecError as refused:
        return {"refused": str(refused)}


def told(model):
    """What golden cases compare; a field that is left out is the same as an empty one."""
    nodes = [
        {"params": {}, "inputs": [], **{name: value for name, value in node.items() if value is not None}}
        for node in model["nodes"]
    ]
    blocks = [{"repeat": 1, "open": True, **block} for block in model.get("blocks", ())]
    return {"nodes": nodes, "outputs": model["outputs"], "blocks": blocks}


def agree(case, found):
    if "refused" in case:
        assert case["refused"] in found.get("refused", f"done: {found}")
    else:
        assert "after" in found, found
        assert told(found["after"]) == told(case["after"])


def test_there_are_cases_for_each_operation_that_the_canvas_sends():
    done = {case.values[0]["op"].get("op") for case in GOLDEN if "after" in case.values[0]}
    refused = {case.values[0]["op"].get("op") for case in GOLDEN if "refused" in case.values[0]}
    refused_too = done - {"tidy", "reset_param"}
    assert done == SENT
    assert refused_too <= refused
    assert len(GOLDEN) > 150


@pytest.mark.parametrize("case", GOLDEN)
def test_the_server_does_it(case):
    before = project(case["model"])
    found = in_python(case["model"], case["op"])
    agree(case, found)
    assert project(case["model"]) == before


@pytest.mark.browser
def test_the_browser_does_the_same(scripts):
    """All cases in one page, so that Chromium starts once; each is named where it fails."""
    cases = [case.values[0] for case in GOLDEN]
    found = scripts.evaluate("cases => cases.map(({model, op}) => attempt(model, op))", cases)
    wrong = []
    for case, answer in zip(cases, found, strict=True):
        try:
            agree(case, answer)
        except AssertionError as difference:
            wrong.append(f"{case['name']}: {difference}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_an_operation_leaves_the_model_before_as_it_was(scripts):
    touched = scripts.evaluate(
        """cases => {
          const freeze = (thing) => {
            if (thing && typeof thing === "object" && !Object.isFrozen(thing)) {
              Object.freeze(thing);
              Object.values(thing).forEach(freeze);
            }
            return thing;
          };
          const touched = [];
          for (const {name, model, op} of cases) {
            try { apply(freeze(normal(model)), freeze(op), freeze(rows)); }
            catch (error) { if (!(error instanceof Refused)) touched.push(`${name}: ${error}`); }
          }
          return touched;
        }""",
        [case.values[0] for case in GOLDEN],
    )
    assert touched == []


@pytest.mark.browser
def test_nodes_that_do_not_change_are_the_same_objects(scripts):
    """The canvas draws only what is another object."""
    chain = {
        "nodes": [
            {"id": "a", "layer": "Input", "params": {"shape": [4]}, "inputs": []},
            {"id": "b", "layer": "Dense", "params": {"units": 2}, "inputs": ["a"]},
            {"id": "c", "layer": "Dense", "params": {"units": 2}, "inputs": ["b"]},
        ],
        "outputs": ["c"],
    }
    same = """([model, op]) => {
      const before = normal(model), after = apply(before, op, rows);
      return after.nodes.filter(node => before.nodes.includes(node)).map(node => node.id);
    }"""
    assert scripts.evaluate(same, [chain, {"op": "remove", "node": "b"}]) == ["a"]
    assert scripts.evaluate(same, [chain, {"op": "rename", "node": "c", "to": "d"}]) == ["a", "b"]
    assert scripts.evaluate(same, [chain, {"op": "place", "positions": {"a": [1, 2]}}]) == ["b", "c"]


@pytest.mark.browser
def test_fresh_ids_are_the_same_for_every_layer(scripts, rows):
    from core import graph

    model = {"nodes": [{"id": "dense_1", "layer": "Dense"}], "outputs": [], "blocks": [{"id": "add_1", "nodes": []}]}
    names = [*rows, "Ünïcode Layer", "ABC2DThing", "__x", "", "1D", "x" * 80]
    found = scripts.evaluate("([model, names]) => names.map(name => freshId(normal(model), name))", [model, names])
    spec = project({"nodes": model["nodes"]}).model
    taken = project({"nodes": [*model["nodes"], {"id": "add_1", "layer": "Add"}]}).model
    assert found == [graph.fresh_id(taken if name == "Add" else spec, name) for name in names]


@pytest.mark.browser
@pytest.mark.parametrize("part", range(3))
def test_300_sequences_of_random_operations_give_the_same_document(scripts, part):
    """Operations that are refused in one place are refused in the other, too."""
    sequences = [_walk(random.Random(part * 100 + seed)) for seed in range(100)]
    ended = scripts.evaluate(
        """sequences => sequences.map(ops => {
          let model = normal({});
          const refused = [];
          ops.forEach((op, index) => {
            const found = attempt(model, op);
            if (found.after) model = found.after; else refused.push(index);
          });
          return {model, refused};
        })""",
        [ops for ops, _, _ in sequences],
    )
    for (ops, model, refused), found in zip(sequences, ended, strict=True):
        assert found["refused"] == refused, [ops[index] for index in set(found["refused"]) ^ set(refused)]
        assert told(found["model"]) == told(model)
    assert sum(len(refused) for _, _, refused in sequences) > 100
    assert sum(len(ops) - len(refused) for ops, _, refused in sequences) > 1000


def _walk(chance):
    """Random operations, what they make of an empty model in Python, and which of them were refused."""
    model, ops, refused = {"nodes": [], "outputs": [], "blocks": []}, [], []
    for index in range(30):
        op = _operation(chance, model)
        found = in_python(model, op)
        ops.append(op)
        if "after" in found:
            model = found["after"]
        else:
            refused.append(index)
    return ops, model, refused


def _operation(chance, model):
    names = [node["id"] for node in model["nodes"]] or ["nothing"]
    blocks = [block["id"] for block in model["blocks"]] or ["nothing"]
    node, other = chance.choice(names), chance.choice(names)
    reference = other + chance.choice(("", "", "", ":0", ":1", ":2"))
    fresh = chance.choice((None, None, f"n{chance.randrange(1000)}"))
    link = chance.randrange(3)
    position = chance.choice((None, [chance.randrange(-500, 500), 12.5]))
    layer = chance.choice(LAYERS)
    kinds = {
        "add": {"layer": layer, "after": chance.choice((None, node)), "id": fresh, "linked": chance.random() < 0.6},
        "insert_before": {"node": node, "layer": layer, "link": link, "id": fresh, "position": position},
        "remove": {"node": node, "heal": chance.random() < 0.7},
        "duplicate": {"node": node, "id": fresh, "position": position},
        "rename": {"node": node, "to": f"r{chance.randrange(20)}"},
        "set_inputs": {"node": node, "inputs": [reference, chance.choice(names)][: chance.randrange(3)]},
        "set_outputs": {"outputs": [reference, node]},
        "connect": {"source": reference, "node": node, "slot": chance.choice((None, None, link))},
        "disconnect": {"node": node, "link": link},
        "place": {"positions": {node: [chance.random() * 100, 3], "gone": [0, 0]}},
        "tidy": {},
        "make_block": {"id": f"b{chance.randrange(9)}", "nodes": chance.sample(names, min(len(names), 3))},
        "set_block": {"block": chance.choice(blocks), "repeat": chance.randrange(4), "open": chance.random() < 0.5},
        "dissolve": {"block": chance.choice(blocks)},
        "share": {"node": node, "shared_with": chance.choice((None, other, other))},
        "set_param": {"node": node, "name": chance.choice(("units", "rate", "name")), "value": chance.randrange(9)},
        "reset_param": {"node": node, "name": chance.choice(("units", "rate"))},
    }
    weights = {"add": 6, "connect": 5, "make_block": 3, "insert_before": 2, "share": 3}
    kind = chance.choices(list(kinds), [weights.get(kind, 1) for kind in kinds])[0]
    op = {"op": kind, **kinds[kind]}
    if chance.random() < 0.1:
        return {"op": "together", "edits": [op, {"op": "place", "positions": {node: [1, 1]}}]}
    return op
