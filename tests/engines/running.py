"""Running the command, and reading what it published."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.folders import tree

REPORTS = 2_000
COMMAND = str(Path(sys.executable).parent / "crashveil")


def crashveil(*arguments: object, environment: Mapping[str, str], timeout: int = 1_500) -> str:
    """Run the command, and return what it printed on stdout."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def streamed(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of an output, and the ledger's entries without their order.

    A stream releases each period by itself, and the log tells in which order.
    """
    files = {name: content for name, content in tree(folder).items() if "/entries/" not in name}
    entries = (folder / "_ledger" / "entries").iterdir()
    return files, sorted(json.dumps(json.loads(path.read_bytes())["entry"]) for path in entries)
