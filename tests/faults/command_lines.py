"""Many command lines from one process that has loaded all once: each runs in a fork of its own, as from a shell."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path


def main() -> None:
    """For each line of stdin, a JSON list of arguments, one line of JSON: code, out, err, megabytes."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    import keras  # noqa: F401  the forks find it loaded

    import core.build.check
    import core.exporting
    import core.importing
    import core.train  # noqa: F401

    for line in sys.stdin:
        sys.stdout.write(json.dumps(done(json.loads(line))) + "\n")
        sys.stdout.flush()


def done(arguments: list[str]) -> dict[str, object]:
    pid = os.fork()
    if pid == 0:
        become(arguments)
    _, status, used = os.wait4(pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": Path("out").read_bytes().decode(),
        "err": Path("err").read_bytes().decode(errors="replace"),
        "megabytes": used.ru_maxrss / 1024,
    }


def become(arguments: list[str]) -> None:
    """In the child: stdout and stderr are files of its own, and the end is that of `python -m core`."""
    from core.__main__ import main as command

    code: object = 1
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    try:
        code = command(arguments)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
