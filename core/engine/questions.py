"""What can be asked of a kernel: a table of kinds, each answered with JSON data.

| ask | with | answer |
| --- | --- | --- |
| check | project | `core.build.check`'s report and the data's facts |
| describe | data | the data's facts |
| preview | data, rows | the first rows, and the facts |
| augmented | data | pictures of the training part, and what augmentation may make of them |
| profile | data | distributions, correlation and hints; and the preview, since the rows are read once for both |
| columns | data | the names of a table's columns, and which hold dates; the sheets of a workbook |
| examine | project, folder, … | what `core.inspect` finds in a trained run |
| plane | project, folder | its answers, and its units', everywhere in a plane of two features |
| inside | project, folder | its weights and filters, layer by layer |
| through | project, folder, row | what each layer makes of one row |
| batch | project, folder, number | one training step on one batch, with all that is seen on the way |
| trail | project, folder, latest | its layers over the epochs: weights, gradients, dead units |
| importance | project, folder | which columns of a table it needs |
| predict | project, folder, rows | the model's answer to rows that the user gave |
| pixels | path, shape, whole | an uploaded picture as a row of that shape |
| export | project, folder, format | the file, as base64 |
| import | path, name | where the weights of an uploaded model stand, written anew as ours |
"""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core import document
from core.data import (
    DataFacts,
    Folders,
    Prepared,
    Table,
    describe,
    header,
    open_table,
    preview,
    previews,
    profile,
    recent,
    tables,
    uploads,
)
from core.data.pictures.decoding import MOST_PHOTO_BYTES
from core.errors import DataError, EngineError, SpecError
from core.importing import Limits
from core.settings import Settings
from core.spec import DataSpec, DownloadedData, Project

Question = Mapping[str, Any]

T = TypeVar("T")

_REMEMBERED = 32
_DATA: TypeAdapter[DataSpec] = TypeAdapter(DataSpec)


class Answers:
    """Answers questions; remembers what it found in data, which does not change under its name."""

    def __init__(self, settings: Settings) -> None:
        self._folders = Folders.of(settings)
        self._runs = settings.runs.resolve()
        self._limits = Limits(settings.max_parameters, settings.max_layers)
        self._facts: OrderedDict[str, DataFacts] = OrderedDict()
        self._profiles: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._kinds: dict[str, Callable[[Question], dict[str, Any]]] = {
            "check": self._check,
            "describe": self._describe,
            "preview": self._preview,
            "augmented": self._augmented,
            "profile": self._profile,
            "columns": self._columns,
            "examine": self._examine,
            "plane": self._plane,
            "inside": self._inside,
            "through": self._through,
            "batch": self._batch,
            "trail": self._trail,
            "importance": self._importance,
            "predict": self._predict,
            "pixels": self._pixels,
            "export": self._export,
            "import": self._import,
        }

    def to(self, question: Question) -> dict[str, Any]:
        """The answer.

        Raises:
            EngineError: if nobody knows this kind of question.
            EagerlyError: whatever is wrong with what is asked about.
        """
        kind = self._kinds.get(question["ask"])
        if kind is None:
            raise EngineError(f"The engine answers {', '.join(self._kinds)}; it does not know {question['ask']!r}.")
        return kind(question)

    def warm_up(self) -> None:
        """Check a small project, so that the first question does not pay for what Keras does but once."""
        nodes = [
            {"id": "a", "layer": "Input", "params": {"shape": [2]}},
            {"id": "b", "layer": "Dense", "params": {"units": 1}, "inputs": ["a"]},
        ]
        data = {"source": "random", "shape": [2], "target": "real", "rows": 10}
        self._check({"project": {"data": data, "model": {"nodes": nodes, "outputs": ["b"]}}})

    def _check(self, question: Question) -> dict[str, Any]:
        from core.build import check

        project = document.from_dict(question["project"])
        try:
            facts = self._facts_of(project.data)
        except DataError as error:
            return self._without_data(project, error)
        report = check.check(project, facts).to_dict()
        return {**report, "facts": facts.to_dict()}

    def _without_data(self, project: Project, error: DataError) -> dict[str, Any]:
        """Shapes need no data; that there is none is one problem more."""
        from core.build import check

        report = check.check(project, None).to_dict()
        problem = check.data_problem(error)
        return {**report, "facts": None, "problems": [problem.to_dict(), *report["problems"]]}

    def _describe(self, question: Question) -> dict[str, Any]:
        return self._facts_of(_data(question)).to_dict()

    def _preview(self, question: Question) -> dict[str, Any]:
        data = _data(question)
        seen = preview(data, self._folders, rows=int(question.get("rows", 200)))
        return {"preview": seen.to_dict(), "facts": self._facts_of(data).to_dict()}

    def _augmented(self, question: Question) -> dict[str, Any]:
        from core.build import augmented

        data = _data(question)
        return augmented.pictures(data, recent.prepared(data, self._folders))

    def _profile(self, question: Question) -> dict[str, Any]:
        data = _data(question)
        return _remembered(self._profiles, _key(data), lambda: self._looked_at(data))

    def _looked_at(self, data: DataSpec) -> dict[str, Any]:
        ready = self._prepared(data)
        return {"profile": profile(data, ready).to_dict(), "preview": previews.first(ready.raw).to_dict()}

    def _columns(self, question: Question) -> dict[str, Any]:
        data = _data(question)
        table = _remembered(self._tables, _file(data), lambda: open_table(data, self._folders), most=1)
        found = header(data, self._folders, table)
        return asdict(found)

    def _examine(self, question: Question) -> dict[str, Any]:
        from core import inspect

        project, folder = self._run(question)
        chosen = {name: question[name] for name in ("part", "output", "weights", "cell") if name in question}
        return inspect.examine(project, folder, self._folders, **chosen)

    def _plane(self, question: Question) -> dict[str, Any]:
        from core import inspect

        return inspect.plane(*self._run(question), self._folders, question.get("weights", "last"))

    def _inside(self, question: Question) -> dict[str, Any]:
        from core import inspect

        return {"layers": inspect.weights_of(*self._run(question), question.get("weights", "last"))}

    def _through(self, question: Question) -> dict[str, Any]:
        from core import inspect

        return inspect.through(
            *self._run(question), self._folders, int(question["row"]), question.get("weights", "last")
        )

    def _batch(self, question: Question) -> dict[str, Any]:
        from core import inspect

        return inspect.batch(
            *self._run(question), self._folders, int(question["number"]), question.get("weights", "last")
        )

    def _trail(self, question: Question) -> dict[str, Any]:
        from core import inspect

        return inspect.trail(*self._run(question), self._folders, latest=bool(question.get("latest")))

    def _importance(self, question: Question) -> dict[str, Any]:
        from core import inspect

        chosen = {name: question[name] for name in ("part", "weights", "output") if name in question}
        return inspect.importance(*self._run(question), self._folders, **chosen)

    def _predict(self, question: Question) -> dict[str, Any]:
        from core import inspect

        project, folder = self._run(question)
        chosen = {name: question[name] for name in ("weights",) if name in question}
        return {"answers": inspect.predict(project, folder, self._folders, question["rows"], **chosen)}

    def _pixels(self, question: Question) -> dict[str, Any]:
        from core.inspect import photo

        path, name = uploads.located(question["path"], self._folders)
        content = tables.content(path, name, MOST_PHOTO_BYTES)
        return {"pixels": photo.pixels(content, question["shape"], whole=bool(question["whole"]))}

    def _export(self, question: Question) -> dict[str, Any]:
        from core import exporting

        project = document.from_dict(question["project"])
        folder = self._folder(question) if question.get("folder") else None
        facts = self._facts_of(project.data)
        raw = exporting.export(project, question["format"], run_folder=folder, folders=self._folders, facts=facts)
        return {"base64": base64.b64encode(raw).decode()}

    def _import(self, question: Question) -> dict[str, Any]:
        from core import importing
        from core.importing import weights

        content = uploads.find(str(question["path"]), self._folders).read_bytes()
        found = importing.find(content, self._limits)
        target = Path.cwd() / "imported.weights.h5"  # this process's own folder; the asker takes the file away
        weights.write(content, found, self._limits, target)
        return {"weights": str(target)}

    def _run(self, question: Question) -> tuple[Project, Path]:
        """The project of the run that is asked about, and its folder."""
        return document.from_dict(question["project"]), self._folder(question)

    def _folder(self, question: Question) -> Path:
        """The folder of the run that is asked about: one of ours and no other."""
        folder = Path(question["folder"]).resolve()
        if folder.parent != self._runs:
            raise EngineError("There is no run in this folder. Choose one of the runs of this project.")
        return folder

    def _facts_of(self, data: DataSpec) -> DataFacts:
        return _remembered(self._facts, _key(data), lambda: self._described(data))

    def _described(self, data: DataSpec) -> DataFacts:
        """A set that would have to be downloaded is described without its rows."""
        return describe(data, self._folders) if isinstance(data, DownloadedData) else self._prepared(data).facts

    def _prepared(self, data: DataSpec) -> Prepared:
        return recent.prepared(data, self._folders, self._tables.get(_file(data)))


def _key(data: DataSpec) -> str:
    """An upload's name is the hash of its content, so what is found in data does not change under this key.

    Augmentation says nothing about the rows: who moves its sliders has not to wait until they are read again.
    """
    return json.dumps(data.model_dump(mode="json", exclude={"augmentation"}), sort_keys=True)


def _file(data: DataSpec) -> str:
    """The same for how a file is read; what is chosen for its columns changes nothing about that."""
    return json.dumps(data.model_dump(mode="json", include={"source", "path", "sheet"}), sort_keys=True)


def _remembered(kept: OrderedDict[str, T], key: str, find: Callable[[], T], most: int = _REMEMBERED) -> T:
    """What was found before, or now."""
    if key not in kept:
        while len(kept) >= most:  # first, so that two large tables are never held at once
            kept.popitem(last=False)
        kept[key] = find()
    kept.move_to_end(key)
    return kept[key]


def _data(question: Question) -> DataSpec:
    try:
        return _DATA.validate_python(question["data"])
    except ValidationError as refusal:
        first = refusal.errors(include_url=False)[0]
        raise SpecError("data", f"{first['msg']}.") from None
