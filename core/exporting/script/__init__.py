"""The parts of an exported Python script, each written by one module."""

from __future__ import annotations
