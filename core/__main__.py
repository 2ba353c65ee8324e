"""The command line: `python -m core catalog | check | train | export | import`; JSON on stdout, the rest on stderr."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core import catalog, document, edits
from core.catalog.datasets import datasets
from core.errors import DataError, EagerlyError, SpecError
from core.spec import FileData, Project

if TYPE_CHECKING:
    from core.data import DataFacts, Folders

INTERRUPTED = 130


class Output:
    """The real stdout, for JSON lines only; all else that is written to stdout goes to stderr."""

    def __init__(self) -> None:
        self._stream = os.fdopen(os.dup(1), "wb")
        self.is_open = True
        os.dup2(2, 1)  # TensorFlow's C++ code and Keras's progress bars write there

    def line(self, value: Any) -> bytes:
        """Print one JSON value and return it; nobody may be reading any more."""
        line = to_json(value, inf_nan_mode="null") + b"\n"  # JSON has no NaN and no infinity
        try:
            self._stream.write(line)
            self._stream.flush()
        except BrokenPipeError:
            self.is_open = False
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    options = _parser().parse_args(arguments)
    try:
        output = Output()
        code: int = options.run(options, output)
    except KeyboardInterrupt:
        return _say("Interrupted.", INTERRUPTED)
    except EagerlyError as error:
        return _say(str(error), 2)
    except OSError as error:
        return _say(f"{error.filename or 'A file'}: {error.strerror or error}.", 2)
    except Exception as error:  # a fault of ours: still a sentence, never a traceback
        return _say(f"Something unexpected went wrong ({type(error).__name__}): {str(error)[:500]}", 1)
    return code if output.is_open else 1


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description="Eagerly without a page.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("catalog", help="print all that can be chosen")
    command.add_argument("kind", nargs="?", choices=[*_PLURALS, "datasets"])
    command.set_defaults(run=_catalog)
    command = commands.add_parser("check", help="print shapes, counts and problems of projects")
    command.add_argument("files", nargs="+", type=Path, metavar="PROJECT.json")
    command.set_defaults(run=_check)
    command = commands.add_parser("train", help="train a project and print its events")
    command.add_argument("file", type=Path, metavar="PROJECT.json")
    command.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="changes")
    command.add_argument("--out", type=Path, metavar="DIR", help="leave the run's folder here")
    command.add_argument("--weights", type=Path, metavar="DIR", help="start from the weights that import left here")
    command.set_defaults(run=_train)
    command = commands.add_parser("export", help="write a project or a run as a file")
    command.add_argument("source", type=Path, metavar="PROJECT.json|DIR")
    command.add_argument("--to", required=True, metavar="FORMAT", dest="format", help="python, keras, project")
    command.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    command.set_defaults(run=_export)
    command = commands.add_parser("import", help="read a file from elsewhere as a project")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("-o", "--output", type=Path, metavar="PROJECT.json")
    command.add_argument("--weights", type=Path, metavar="DIR", help="leave the file's weights here")
    command.set_defaults(run=_import)
    return parser


_PLURALS: dict[str, catalog.Kind] = {
    (f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}es" if kind.endswith("s") else f"{kind}s"): kind
    for kind in catalog.KINDS
}


def _catalog(options: argparse.Namespace, output: Output) -> int:
    kind = options.kind
    found = [] if kind == "datasets" else catalog.describe(_PLURALS[kind] if kind else None)
    output.line(found + (datasets() if kind in (None, "datasets") else []))
    return 0


def _folders(file: Path) -> Folders:
    from core import data, settings

    return data.Folders.of(settings.load(), file.resolve().parent)


def _read(file: Path) -> Project:
    """The project in a file.

    Raises:
        SpecError: if it cannot be read, or is none.
    """
    try:
        return document.load(file.read_bytes())
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise SpecError("", f"{_named(file)} could not be read: {reason}.") from error


def _named(file: Path) -> str:
    """The file's name as text that every JSON can hold."""
    return str(file).encode("utf-8", "backslashreplace").decode()


def _check(options: argparse.Namespace, output: Output) -> int:
    reports = []
    for file in options.files:
        reports.append(_checked(file))
        output.line(reports[-1])
        if not output.is_open:
            break
    return 0 if all(report["ok"] for report in reports) else 2


def _checked(file: Path) -> dict[str, Any]:
    """What `check` says of one file; of one that cannot be read, the reason as its only problem."""
    try:
        return {"file": _named(file), **_said(_report(_read(file), file))}
    except EagerlyError as error:
        field = getattr(error, "path", "") or None
        problem = {"node": None, "field": field, "message": getattr(error, "message", str(error)), "fix": None}
    counts = dict.fromkeys(("parameters", "trainable_parameters", "flops"))
    return {"file": _named(file), "ok": False, **counts, "nodes": [], "problems": [problem]}


def _said(report: dict[str, Any]) -> dict[str, Any]:
    """What `check` promises to print; the page is told more."""
    said = {name: report[name] for name in ("ok", "parameters", "trainable_parameters", "flops", "nodes")}
    problems = [{name: problem[name] for name in _PROBLEM} for problem in report["problems"]]
    return {**said, "problems": problems}


_PROBLEM = ("node", "field", "message", "fix")


def _report(project: Project, file: Path) -> dict[str, Any]:
    from core.build import check

    facts, problem = _facts(project, file)
    report: dict[str, Any] = check.check(project, facts).to_dict()
    if problem:
        report["problems"].append(problem)
        report["ok"] = False
    return report


def _facts(project: Project, file: Path) -> tuple[DataFacts | None, dict[str, Any] | None]:
    """The data's facts, or what is wrong with the data."""
    from core import data
    from core.build import check

    try:
        return data.describe(project.data, _folders(file)), None
    except DataError as error:
        return None, check.data_problem(error).to_dict()


class _Interrupts:
    """Ctrl-C as a control of the run: once to stop in order, twice to leave at once."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._asked = False
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, *_: object) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        _say("Stopping after this step; press Ctrl-C again to leave at once.", 0)

    def poll(self) -> str | None:
        return "stop" if self._asked or not self._output.is_open else None

    def wait(self) -> str:
        return "stop"


def _train(options: argparse.Namespace, output: Output) -> int:
    project = _changed(_read(options.file), options.changes)
    report = _report(project, options.file)
    if not report["ok"]:
        for problem in report["problems"]:
            _say(_placed(problem), 2)
        return 2
    if options.out is None:
        with tempfile.TemporaryDirectory() as folder:
            return _run(project, options, Path(folder), output)
    options.out.mkdir(parents=True, exist_ok=True)
    return _run(_anchored(project, options.file), options, options.out, output)


def _placed(problem: dict[str, Any]) -> str:
    """The problem's sentence with its place in front, once."""
    place = ".".join(part for part in (problem["node"], problem["field"]) if part)
    message = str(problem["message"])
    return message if not place or message.startswith(f"{place}:") else f"{place}: {message}"


def _anchored(project: Project, file: Path) -> Project:
    """The project with the full path of its CSV file, for a folder from which the relative one leads nowhere."""
    given = project.data
    if not isinstance(given, FileData) or given.path.startswith(("upload:", "package:")):
        return project
    path = str(file.resolve().parent / given.path)
    return project.model_copy(update={"data": given.model_copy(update={"path": path})})


def _changed(project: Project, changes: Sequence[str]) -> Project:
    """The project with `--set path=value`; a value that is no JSON is a text."""
    for change in changes:
        path, equals, text = change.partition("=")
        if not path or not equals:
            raise SpecError(path, "--set needs a path and a value, such as training.epochs=3.")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text
        project = edits.apply(project, edits.from_dict({"op": "set", "path": path, "value": value}))
    return project


def _run(project: Project, options: argparse.Namespace, folder: Path, output: Output) -> int:
    from core import data
    from core.train import command

    (folder / "project.json").write_text(document.dump(project), encoding="utf-8")
    if options.weights:
        shutil.copyfile(options.weights / "last.weights.h5", folder / "start.weights.h5")
    dataset = data.load(project, _folders(options.file))
    return 0 if command.run(project, dataset, folder, output.line, _Interrupts(output)) else 1


def _export(options: argparse.Namespace, output: Output) -> int:
    from core import exporting

    is_run = options.source.is_dir()
    file = options.source / "project.json" if is_run else options.source
    run_folder = options.source if is_run else None
    content = exporting.export(_read(file), options.format, run_folder=run_folder, folders=_folders(file))
    options.output.write_bytes(content)
    output.line({"file": str(options.output), "bytes": len(content)})
    return 0


def _import(options: argparse.Namespace, output: Output) -> int:
    from core.importing import command

    found = command.run(options.file, options.output, options.weights)
    for note in found.notes:
        _say(note, 0)
    output.line(document.to_dict(found.project))
    return 0


if __name__ == "__main__":
    sys.exit(main())
