"""`python -m tests.benchmarks.whole`: whole commands, cold, from start to exit: the exported script, and `core train`.

Both make the same steps; their number is such that the script takes about `--seconds`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core import data, document
from core.exporting import python
from core.spec import Project
from tests.benchmarks import networks
from tests.benchmarks.__main__ import one


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.whole", description=__doc__)
    parser.add_argument("--seconds", type=float, default=25.0, help="how long the script trains, about")
    parser.add_argument("--only", default="", help="networks whose name has this in it")
    options = parser.parse_args()
    say(f"{'whole command, seconds':34}{'script':>10}{'core train':>12}")
    for name, (make, sizes) in networks.NETWORKS.items():
        if options.only in name:
            project = long_enough(make(sizes[0]), options.seconds)
            script, ours = times(project)
            say(f"{f'{name}, batch {sizes[0]}':34}{script:>10.1f}{ours:>12.1f}   ({script / ours:.1f}x)")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def long_enough(project: Project, seconds: float) -> Project:
    """The project with as many epochs as plain `fit` makes in that time."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(document.dump(project))
        file.flush()
        rate = one("bare fit", file.name, 5.0)["steps_per_second"]
    facts = data.describe(project.data, data.Folders(Path("."), Path(".")))
    steps = -(-facts.parts["train"] // project.training.batch_size)
    training = project.training.model_copy(update={"epochs": max(1, round(seconds * rate / steps))})
    return project.model_copy(update={"training": training})


def times(project: Project) -> tuple[float, float]:
    """Seconds of the exported script, and of `core train`."""
    with tempfile.TemporaryDirectory() as folder:
        file, script = Path(folder) / "project.json", Path(folder) / "script.py"
        file.write_text(document.dump(project))
        script.write_text(python.script(project, data.describe(project.data, data.Folders(Path("."), Path(".")))))
        return taken([sys.executable, str(script)]), taken([sys.executable, "-m", "core", "train", str(file)])


def taken(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
