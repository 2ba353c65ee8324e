"""Writes the model: `keras.Sequential` if it is a chain, else the functional form, a line for each layer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from core import blocks, catalog, graph
from core.blocks import Expansion
from core.errors import SpecError
from core.exporting.script import names, objects
from core.exporting.script.loops import Loop, loops
from core.exporting.script.writing import WIDTH, Call, Items, Value, assign, call, flat, listed, literal, render, text
from core.spec import ModelSpec, Node

OPEN = "..."
"""Stands in a draft for what is not there yet."""


@dataclass(frozen=True)
class Part:
    """Some lines of the script, and the node that they are about."""

    text: str
    node: str | None = None


def lines(model: ModelSpec) -> list[str]:
    """The source lines that make `model`; a repeated block is a loop where one makes the same layers in that order.

    Raises:
        SpecError: if a node names a layer or an input that does not exist, or a block cannot be repeated.
    """
    expansion = blocks.expansion(model)
    return [part.text for part in parts(model, expansion, graph.order(expansion.model))]


def parts(model: ModelSpec, expansion: Expansion, order: tuple[Node, ...], draft: bool = False) -> list[Part]:
    """The same in parts.

    Args:
        model: as the user made it.
        expansion: the same, written out.
        order: all nodes of the model written out.
        draft: what is missing becomes a comment and an ellipsis; nothing is raised.
    """
    is_chain = order == expansion.model.nodes and graph.is_chain(expansion.model) and len(order) > 1
    special = any(node.shared_with for node in order) or _several_outputs(expansion.model)
    if is_chain and not special and not expansion.repeats and _all_known(order):
        return _sequential(order)
    named = names.named(expansion.model)
    found = loops(model, expansion, order, plain=len(named) < len(order))
    return _Functional(expansion.model, order, found, named, draft).parts()


def variables(model: ModelSpec) -> dict[str, str]:
    """For each node the name that its result has in the script."""
    return names.different(node.id for node in blocks.expansion(blocks.sound(model)).model.nodes)


def has_penalty(model: ModelSpec) -> bool:
    """Does a layer add a loss of its own, by a regularizer?"""
    return any("egulariz" in node.layer + json.dumps(node.params) for node in model.nodes)


def _all_known(nodes: tuple[Node, ...]) -> bool:
    try:
        return all(catalog.entry("layer", node.layer) for node in nodes)
    except SpecError:
        return False


def _sequential(nodes: tuple[Node, ...]) -> list[Part]:
    """`model = keras.Sequential([…])`, a layer a line."""
    layers = [Part(render(_layer(node, ""), 8, "", ","), node.id) for node in nodes]
    return [Part("model = keras.Sequential(\n    ["), *layers, Part("    ]\n)")]


def _layer(node: Node, name: str) -> Call:
    """The call that makes a layer; `name` is written if it is not the one that Keras would give."""
    if node.layer != "Input":
        return objects.construct("layer", node.layer, node.params, called=name)
    rest = [(key, literal(value)) for key, value in node.params.items() if key not in ("shape", "name")]
    named = [("name", text(name))] if name else []
    return Call("keras.Input", (("shape", literal(node.params.get("shape"))), *rest, *named))


@dataclass
class _Functional:
    """Writes layer by layer; `there` are the nodes whose results have been written, as they are called now."""

    model: ModelSpec
    order: tuple[Node, ...]
    loops: Mapping[str, Loop]
    named: frozenset[str]
    draft: bool
    there: dict[str, str] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.variables = names.different(node.id for node in self.order)
        self.taken = set(self.variables.values())
        self.several = _several_outputs(self.model)
        self.shared = {self._owner(node).id for node in self.order if node.shared_with}

    def parts(self) -> list[Part]:
        found: list[Part] = []
        passed = 0
        for place, node in enumerate(self.order):
            if place < passed:
                continue
            loop = self.loops.get(node.id)
            found += self._loop(loop) if loop else self._node(node)
            passed = place + (loop.repeat * len(loop.nodes) if loop else 1)
        return [*found, self._model()]

    def _loop(self, loop: Loop) -> list[Part]:
        """Each round takes the result of the one before, under the name of what leaves the block."""
        result, entry = self.variables[loop.exit], self._reference(loop.exit, loop.entry)
        self.there[loop.exit] = result
        body = [part for node in loop.nodes for part in self._node(node, indent=4, name="")]
        return [Part(f"{result} = {entry}\nfor _ in range({loop.repeat}):"), *body]

    def _node(self, node: Node, indent: int = 0, name: str | None = None) -> list[Part]:
        """The lines that make a node's result."""
        try:
            written = self._written(node, indent, self._name(node) if name is None else name)
        except SpecError as fault:
            if not self.draft:
                raise
            return [Part(_comment(node.id, fault.message, indent), node.id)]
        self.there[node.id] = self.variables[node.id]
        return [Part(line, node.id) for line in written]

    def _written(self, node: Node, indent: int, name: str) -> list[str]:
        own = self.variables[node.id]
        if node.layer == "Input":
            return [assign(own, _layer(node, name), indent)]
        owner, missing, arguments = self._owner(node), self._missing(node, indent), self._arguments(node)
        if owner.id in self.shared:
            made = self._shared(owner)
            return [*missing, *made, assign(own, Call(self.layers[owner.id], arguments), indent)]
        return [*missing, _called(own, _layer(node, name), arguments, indent)]

    def _shared(self, owner: Node) -> list[str]:
        """The line that makes a layer which is used twice, where it is first used."""
        if owner.id in self.layers:
            return []
        self.layers[owner.id] = names.safe(f"{self.variables[owner.id]}_layer", self.taken)
        self.taken.add(self.layers[owner.id])
        return [assign(self.layers[owner.id], _layer(owner, self._name(owner)))]

    def _owner(self, node: Node) -> Node:
        try:
            return graph.owner(self.model, node)
        except SpecError:
            if self.draft:
                return node
            raise

    def _arguments(self, node: Node) -> tuple[Value, ...]:
        """What the layer is called with: one tensor, a list, or several in the order of its call."""
        entry = catalog.entry("layer", node.layer)
        given: list[Value] = [self._reference(node.id, item) for item in node.inputs]
        if not given and not self.draft:
            raise SpecError(node.id, "this layer has no input. Connect it to one.")
        if entry.spread:
            return tuple(given or [OPEN])
        return (given[0] if given else OPEN,) if entry.arity == "one" else (listed(given or [OPEN]),)

    def _missing(self, node: Node, indent: int) -> list[str]:
        """In a draft the comment on a layer whose inputs are not all there."""
        if not self.draft:
            return []
        fewest = catalog.entry("layer", node.layer).fewest
        absent = [item for item in node.inputs if graph.source(item)[0] not in self.there]
        if absent:
            return [_comment(node.id, f"{' and '.join(absent)} cannot feed it yet.", indent)]
        if len(node.inputs) >= fewest:
            return []
        needs = "an input" if fewest == 1 else f"{fewest} inputs"
        return [_comment(node.id, f"needs {needs}, and has {len(node.inputs) or 'none'} yet.", indent)]

    def _reference(self, node: str, reference: str) -> str:
        name, slot = graph.source(reference)
        if name not in self.there:
            if self.draft:
                return OPEN
            raise SpecError(node, f"its input {name!r} is no layer of this model. Connect it to another.")
        return f"{self.there[name]}[{slot}]" if name in self.several else self.there[name]

    def _name(self, node: Node) -> str:
        return node.id if node.id in self.named else ""

    def _model(self) -> Part:
        inputs: list[Value] = [self.there[node.id] for node in graph.inputs(self.model)]
        outputs: list[Value] = [self._reference("model.outputs", item) for item in self.model.outputs]
        missing = [] if inputs else ["an Input"]
        missing += [] if outputs and OPEN not in outputs else ["an output"]
        comment = f"# The model needs {' and '.join(missing)}.\n" if missing and self.draft else ""
        made = call("keras.Model", _one_or_list(inputs or [OPEN]), _one_or_list(outputs or [OPEN]))
        return Part(comment + assign("model", made))


def _called(target: str, layer: Call, arguments: tuple[Value, ...], indent: int) -> str:
    """`target = layer(…)(arguments)`; too long for a line, it breaks in the last brackets, or else in the first."""
    head = f"{target} = {flat(layer)}"
    if indent + len(head) < WIDTH:
        return render(Call("", arguments), indent, head)
    return render(layer, indent, f"{target} = ", flat(Call("", arguments)))


def _comment(node: str, sentence: str, indent: int) -> str:
    words = " ".join(f"{node}: {sentence}".split())
    return " " * indent + "# " + "".join(letter for letter in words if letter.isprintable())[:200]


def _several_outputs(model: ModelSpec) -> set[str]:
    """The nodes whose layer gives a list of tensors."""
    references = [item for node in model.nodes for item in node.inputs] + list(model.outputs)
    by_reference = {graph.source(item)[0] for item in references if graph.source(item)[1]}
    return by_reference | {node.id for node in model.nodes if _returns_list(node)}


def _returns_list(node: Node) -> bool:
    return '"return_state": true' in json.dumps(node.params)


def _one_or_list(values: list[Value]) -> Value:
    return values[0] if len(values) == 1 else Items("[]", tuple(values))
