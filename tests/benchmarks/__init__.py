"""Benchmarks: each module is a command of its own; none of them is part of the tests."""
