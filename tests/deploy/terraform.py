"""The Terraform as it is parsed: its resources, and who is granted what on what."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import hcl2

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "terraform"


class Block(NamedTuple):
    """A resource or a data source: its type, its name, and what stands in it."""

    kind: str
    name: str
    body: dict[str, Any]


class Grant(NamedTuple):
    """Somebody's role on something. `who` and `target` are as they stand in the file."""

    kind: str
    target: str
    role: str
    who: str


def bare(value: Any) -> str:
    return str(value).strip('"')


def blocks_in(text: str) -> Iterator[Block]:
    """Yield every resource and data source of a file."""
    parsed = hcl2.loads(text)
    for block in (*parsed.get("resource", []), *parsed.get("data", [])):
        for kind, named in block.items():
            for name, body in named.items():
                if isinstance(body, dict):
                    yield Block(bare(kind), bare(name), body)


@cache
def everything() -> list[Block]:
    """Return all resources and data sources."""
    files = sorted(FOLDER.rglob("*.tf"))
    assert len(files) > 20
    return [each for path in files for each in blocks_in(path.read_text("utf-8"))]


def grants(found: list[Block]) -> list[Grant]:
    """Return all grants; of a member that comes from a list, the list's name."""
    policies = {each.name: each.body for each in found if each.kind == "google_iam_policy"}
    told = []
    for kind, _, body in found:
        if "_iam_" not in kind or kind in {"google_iam_policy", "google_project_iam_audit_config"}:
            continue
        target = _target(body)
        if "policy_data" in body:
            name = bare(body["policy_data"]).split("google_iam_policy.")[1].split(".")[0]
            for binding in policies[name]["binding"]:
                told += [
                    Grant(kind, target, bare(binding["role"]), bare(member))
                    for member in _listed(binding["members"])
                ]
            continue
        for member in _listed(body.get("members", body.get("member"))):
            who = bare(member)
            if "each.value" in who:
                who = bare(body["for_each"])
            told.append(Grant(kind, target, bare(body["role"]), who))
    return told


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _target(body: dict[str, Any]) -> str:
    """Return what a grant is on: the narrowest thing that its resource names."""
    narrow = (
        "bucket",
        "service_account_id",
        "secret_id",
        "crypto_key_id",
        "key_ring_id",
        "subscription",
        "topic",
        "dataset_id",
        "connection_id",
        "repository",
        "name",
        "project",
        "folder",
        "org_id",
    )
    return next(bare(body[name]) for name in narrow if name in body)
