"""What the environment sets, read in one place. The README's table documents each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core.errors import SpecError

_LARGEST = 1_000_000_000
UPLOADS_A_PROJECT = 5
"""So many files of the largest size a project may have, if nothing else is set."""


@dataclass(frozen=True)
class Settings:
    """`memory_mb` and `wall_seconds` limit one run; `workers` is how many runs train at once.

    `max_parameters` and `max_layers` limit a model that comes out of a file; `resident_mb` is how much of a run's rows
    stays on the device (more is streamed); `upload_mb` is the largest file that is taken in, `project_mb` all files of
    one project together, `max_rows` the longest table.
    """

    home: Path
    database_url: str
    runner: str
    workers: int
    memory_mb: int
    wall_seconds: int
    max_parameters: int = 20_000_000
    max_layers: int = 500
    resident_mb: int = 1024
    upload_mb: int = 50
    project_mb: int = 250
    max_rows: int = 1_000_000

    @property
    def upload_bytes(self) -> int:
        return self.upload_mb * 1_000_000

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"

    @property
    def imports(self) -> Path:
        return self.home / "imports"

    @property
    def datasets(self) -> Path:
        return self.home / "datasets"


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SpecError: if a number is none.
    """
    home = Path(environment.get("EAGERLY_HOME") or platformdirs.user_data_dir("eagerly", appauthor=False))
    home = home.expanduser().absolute()
    upload_mb = _number(environment, "EAGERLY_UPLOAD_MB", 50)
    return Settings(
        home=home,
        database_url=environment.get("EAGERLY_DATABASE_URL") or f"sqlite:///{home / 'eagerly.db'}",
        runner=environment.get("EAGERLY_RUNNER") or "local",
        workers=_number(environment, "EAGERLY_WORKERS", os.cpu_count() or 1),
        memory_mb=_number(environment, "EAGERLY_MEMORY_MB", 4096),
        wall_seconds=_number(environment, "EAGERLY_WALL_SECONDS", 24 * 3600),
        max_parameters=_number(environment, "EAGERLY_MAX_PARAMETERS", 20_000_000),
        max_layers=_number(environment, "EAGERLY_MAX_LAYERS", 500),
        resident_mb=_number(environment, "EAGERLY_RESIDENT_MB", 1024),
        upload_mb=upload_mb,
        project_mb=_number(environment, "EAGERLY_PROJECT_MB", UPLOADS_A_PROJECT * upload_mb),
        max_rows=_number(environment, "EAGERLY_MAX_ROWS", 1_000_000),
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 12 or not 1 <= int(text) <= _LARGEST:
        raise SpecError(name, f"needed a whole number from 1 to {_LARGEST:,}, got {text[:40]!r}.")
    return int(text)
