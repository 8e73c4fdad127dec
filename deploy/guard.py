"""Ends an image's build unless the packages that it imports are crashveil's own, as installed.

`schemas`, `transforms` and `pipelines` are common words: another package, or a stray folder in the
path, could stand before ours.
"""

import importlib
import sys
from importlib.metadata import files
from pathlib import Path

ours = {Path(str(path.locate())).resolve() for path in files("crashveil") or []}
for name in ("schemas", "transforms", "pipelines"):
    found = Path(str(importlib.import_module(name).__file__)).resolve()
    if found not in ours:
        sys.exit(f"crashveil: error: package {name} is not the one that was installed: {found}")
