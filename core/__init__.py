"""Eagerly without its page: describe, check, build, train, inspect and export Keras models."""
