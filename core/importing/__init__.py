"""Files from outside become projects: one module for each format, none of which trusts the file."""

from __future__ import annotations

from core.importing.project_file import read

__all__ = ["read"]
