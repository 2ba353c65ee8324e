"""The engine: processes that have TensorFlow, for a server that has not."""

from __future__ import annotations

from core.engine.client import Engine

__all__ = ["Engine"]
