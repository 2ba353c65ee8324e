"""`python -m tests.benchmarks`: the same networks trained by plain Keras and by us, side by side, as ratios.

The contestants take turns, each in a process of its own, so that whatever else the machine does meets all of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from core import document
from tests.benchmarks import networks, table

LEARNS_DENSE_ONLY = "scikit-learn"


def main() -> None:
    options = parsed()
    cases = grown() if options.growth else chosen(options)
    rows = []
    for name, project in cases:
        rows.append((name, measured(project, options)))
        say(table.text(rows[-1:]))
    say("\n" + table.text(rows))
    if options.picture:
        options.picture.write_text(table.svg(rows), encoding="utf-8")


def parsed():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each contestant trains")
    parser.add_argument("--repeats", type=int, default=3, help="how often; the median counts")
    parser.add_argument("--only", default="", help="networks whose name has this in it")
    parser.add_argument("--batch", type=int, help="only this batch size")
    parser.add_argument("--growth", action="store_true", help="one network with more and more rows, then parameters")
    parser.add_argument("--picture", type=Path, help="write the table there as SVG, such as docs/speed.svg")
    return parser.parse_args()


def chosen(options):
    for name, (make, sizes) in networks.NETWORKS.items():
        for size in sizes:
            if options.only in name and options.batch in (None, size):
                yield f"{name}, batch {size}", make(size)


def grown():
    for rows in (1_000, 10_000, 100_000, 1_000_000):
        yield f"Dense 10-32-1, {rows:,} rows", networks.regression(rows=rows)
    for units in (10, 100, 1_000, 10_000, 100_000, 800_000):
        yield f"Dense 10-{units:,}-1, {12 * units + 1:,} parameters", networks.regression(units=units)


def measured(project, options):
    """By contestant the median of its results."""
    found: dict[str, list[dict]] = {}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(document.dump(project))
        file.flush()
        for _ in range(options.repeats):
            for name in table.COLUMNS:
                if name != LEARNS_DENSE_ONLY or all(n.layer in ("Input", "Dense") for n in project.model.nodes):
                    found.setdefault(name, []).append(one(name, file.name, options.seconds))
    return {name: median(results) for name, results in found.items()}


def one(name, file, seconds):
    command = [sys.executable, "-m", "tests.benchmarks.contestants", name, file, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def median(results):
    rates = [result["steps_per_second"] for result in results]
    return results[-1] | {"steps_per_second": statistics.median(rates)}


def say(words):
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
