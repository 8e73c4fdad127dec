"""Compare the Terraform with the Google provider's schema: every name in it, and what is required.

check_terraform.py WHEEL: the wheel is that of cdktf-cdktf-provider-google, which is generated from
the provider. Terraform itself would ask a registry for the provider.
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

FOLDER = Path(__file__).resolve().parent / "terraform"

OF_TERRAFORM = {"count", "for_each", "provider", "depends_on", "lifecycle", "timeouts"}
BETA_ONLY = {"google_project_service_identity", "google_dataflow_flex_template_job"}
"""What the other provider, google-beta, has alone; its schema is not looked at."""

_SNAKE = re.compile(r"#(\w+) ")
_KIND = re.compile(r" (google_\w+)\}")


def load_types(wheel: Path) -> dict[str, Any]:
    """Return the types of the wheel's jsii assembly, by their full name."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(name))) as inner:
            found = inner.extractfile("package/.jsii")
            types: dict[str, Any] = json.load(found)["types"] if found else {}
            return types


def kinds(types: dict[str, Any]) -> dict[tuple[bool, str], str]:
    """Return the full name of the type of the arguments of each resource and data source."""
    told = {}
    for name, each in types.items():
        found = _KIND.search(each.get("docs", {}).get("summary", ""))
        if found and f"{name}Config" in types:
            is_data = each.get("base") == "cdktf.TerraformDataSource"
            told[is_data, found[1]] = f"{name}Config"
    return told


def problems(
    body: dict[str, Any], type_name: str, types: dict[str, Any], where: str
) -> Iterator[str]:
    """Yield what a block has that its type has not, and what it lacks."""
    allowed = {}
    for each in types[type_name].get("properties", ()):
        said = each["docs"].get("remarks", "") + each["docs"].get("summary", "")
        found = _SNAKE.search(said)
        if found:
            allowed[found[1]] = each
    given = {str(key).strip('"') for key in body} - OF_TERRAFORM
    given = {key for key in given if not key.startswith("__")}
    for name in sorted(given - allowed.keys()):
        yield f"{where}: has no {name}"
    for name, each in sorted(allowed.items()):
        if not each.get("optional") and name not in given:
            yield f"{where}: lacks {name}"
    for key, value in body.items():
        name = str(key).strip('"')
        inner = _inner_type(allowed[name]["type"], types) if name in allowed else None
        for block in value if isinstance(value, list) else [value]:
            if inner and isinstance(block, dict):
                yield from problems(block, inner, types, f"{where}.{name}")


def _inner_type(told: Any, types: dict[str, Any]) -> str | None:
    """Return the name of the block's type that a property has, if it is a block."""
    names = re.findall(r'"fqn": "([^"]+)"', json.dumps(told))
    return next((name for name in names if name in types), None)


def blocks() -> Iterator[tuple[str, bool, str, dict[str, Any]]]:
    """Yield of each resource and data source where it is, whether it is data, its kind and body."""
    for path in sorted(FOLDER.rglob("*.tf")):
        parsed = hcl2.loads(path.read_text("utf-8"))
        for is_data, word in enumerate(("resource", "data")):
            for block in parsed.get(word, []):
                for kind, named in block.items():
                    for name, body in named.items():
                        where = f"{path.relative_to(FOLDER)}: {kind}.{name}".replace('"', "")
                        yield where, bool(is_data), kind.strip('"'), body


def main() -> None:
    """Print one line a problem, and end with a status that tells whether there is one."""
    types = load_types(Path(sys.argv[1]))
    known = kinds(types)
    told, compared = [], 0
    for where, is_data, kind, body in blocks():
        if kind in BETA_ONLY:
            continue
        compared += 1
        if (is_data, kind) not in known:
            told.append(f"{where}: the provider has no such resource or data source")
        else:
            told += problems(body, known[is_data, kind], types, where)
    print(*told, sep="\n", end="\n" if told else "")
    print(f"{compared} resources and data sources compared with the provider's schema")
    sys.exit(1 if told or not compared else 0)


if __name__ == "__main__":
    main()
