from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from core.data import Folders
from core.spec import DataSpec, Project

_DATA: TypeAdapter[Any] = TypeAdapter(DataSpec)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(uploads=tmp_path / "uploads", datasets=tmp_path / "datasets", files=tmp_path)


@pytest.fixture
def spec() -> Callable[..., Any]:
    def make(source: str, **fields: Any) -> Any:
        return _DATA.validate_python({"source": source, **fields})

    return make


@pytest.fixture
def table(tmp_path: Path, spec: Callable[..., Any]) -> Callable[..., Any]:
    """Writes a CSV file and gives the data spec that reads it."""

    def make(content: str | bytes, target: str = "y", **fields: Any) -> Any:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / "table.csv").write_bytes(raw)
        return spec("csv", path="table.csv", target=target, **fields)

    return make


@pytest.fixture
def project() -> Callable[..., Project]:
    """A model with one Input, one Dense output and the loss under test."""

    def make(data: Any, shape: list[int | None], units: int, loss: Any) -> Project:
        nodes = [
            {"id": "rows", "layer": "Input", "params": {"shape": shape}},
            {"id": "answer", "layer": "Dense", "params": {"units": units}, "inputs": ["rows"]},
        ]
        return Project.model_validate(
            {"data": data.model_dump(), "model": {"nodes": nodes, "outputs": ["answer"]}, "compile": {"loss": loss}}
        )

    return make
