"""Translates a project into a Keras model. It decides nothing: what may be chosen is in `core.catalog`."""

from __future__ import annotations

from core.build.compiling import compiled, formula_function
from core.build.network import model
from core.build.objects import keras_object

__all__ = ["compiled", "formula_function", "keras_object", "model"]
