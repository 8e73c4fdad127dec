"""Who can reach what, from the parsed Terraform: raw dumps are for two accounts only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import hcl2
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "terraform"


class Grant(NamedTuple):
    """Somebody's role on something; all three as they stand in the file."""

    kind: str
    target: str
    role: str
    who: str


def bare(value: Any) -> str:
    return str(value).strip('"')


def resources(text: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the type, name and body of every resource in a file."""
    for block in hcl2.loads(text).get("resource", []):
        for kind, named in block.items():
            for name, body in named.items():
                if isinstance(body, dict):
                    yield bare(kind), bare(name), body


def everything() -> list[tuple[str, str, dict[str, Any]]]:
    files = sorted(FOLDER.rglob("*.tf"))
    assert len(files) > 20
    return [each for path in files for each in resources(path.read_text("utf-8"))]


def grants(found: list[tuple[str, str, dict[str, Any]]]) -> list[Grant]:
    """Return all grants; of a member that comes from a list, the list's name."""
    told = []
    for kind, _, body in found:
        if "_iam_" in kind and "role" in body:
            target = bare(body.get("bucket", body.get("project", "")))
            who = bare(body.get("member", body.get("members", "")))
            if "each.value" in who:
                who = bare(body["for_each"])
            told.append(Grant(kind, target, bare(body["role"]), who))
    return told


def outsiders_who_reach_raw(found: list[tuple[str, str, dict[str, Any]]]) -> list[Grant]:
    """Return grants by which others than uploader and pipeline reach raw or temporary objects."""
    reached = []
    for grant in grants(found):
        is_own = any(name in grant.who for name in ("uploader.", "pipeline."))
        on_raw = "raw_bucket" in grant.target or "staging_bucket" in grant.target
        all_buckets = "google_project_iam" in grant.kind and (
            grant.role.startswith("roles/storage.")
            or grant.role in {"roles/owner", "roles/editor", "roles/viewer"}
        )
        if (on_raw and not is_own) or all_buckets:
            reached.append(grant)
    return reached


def public(found: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """Return what opens a bucket to everybody, or leaves that possible."""
    told = [str(grant) for grant in grants(found) if "allUsers" in grant.who]
    told += [str(grant) for grant in grants(found) if "allAuthenticatedUsers" in grant.who]
    for kind, name, body in found:
        if kind == "google_storage_bucket" and (
            bare(body.get("public_access_prevention")) != "enforced"
            or str(body.get("uniform_bucket_level_access")).lower() != "true"
        ):
            told.append(name)
        if kind.startswith(("google_storage_bucket_acl", "google_storage_object_acl")):
            told.append(name)
    return told


def test_only_uploader_and_pipeline_reach_raw_dumps() -> None:
    found = everything()
    assert [grant for grant in grants(found) if "raw_bucket" in grant.target]
    assert outsiders_who_reach_raw(found) == []


@pytest.mark.parametrize(
    "planted",
    [
        """
        resource "google_storage_bucket_iam_member" "oops" {
          for_each = toset(var.analyst_members)
          bucket   = var.raw_bucket
          role     = "roles/storage.objectViewer"
          member   = each.value
        }
        """,
        """
        resource "google_storage_bucket_iam_member" "oops" {
          bucket = module.storage.staging_bucket
          role   = "roles/storage.objectViewer"
          member = "group:analysts@example.org"
        }
        """,
        """
        resource "google_project_iam_member" "oops" {
          project = var.project
          role    = "roles/storage.objectViewer"
          member  = "group:analysts@example.org"
        }
        """,
        """
        resource "google_project_iam_binding" "oops" {
          project = var.project
          role    = "roles/viewer"
          members = ["group:analysts@example.org"]
        }
        """,
    ],
)
def test_a_grant_to_somebody_else_is_found(planted: str) -> None:
    assert outsiders_who_reach_raw([*everything(), *resources(planted)])


def test_analysts_have_nothing_but_the_published_bucket_and_questions() -> None:
    roles = {
        (grant.role, grant.target.rpartition(".")[2])
        for grant in grants(everything())
        if "analyst_members" in grant.who
    }
    assert roles == {
        ("roles/storage.objectViewer", "published_bucket}"),
        ("roles/bigquery.dataViewer", "project}"),
        ("roles/bigquery.jobUser", "project}"),
    }


def test_the_pipeline_can_alter_only_what_is_not_released() -> None:
    altering = [
        body
        for kind, _, body in everything()
        if kind == "google_storage_bucket_iam_member"
        and "published_bucket" in bare(body["bucket"])
        and bare(body["role"]) not in {"roles/storage.objectViewer", "roles/storage.objectCreator"}
    ]
    (grant,) = altering
    assert "/objects/_staging/" in str(grant["condition"])


def test_no_bucket_is_public() -> None:
    found = everything()
    assert [name for kind, name, _ in found if kind == "google_storage_bucket"] == [
        "raw",
        "staging",
        "published",
    ]
    assert public(found) == []


@pytest.mark.parametrize(
    "planted",
    [
        """
        resource "google_storage_bucket_iam_member" "oops" {
          bucket = var.published_bucket
          role   = "roles/storage.objectViewer"
          member = "allUsers"
        }
        """,
        'resource "google_storage_bucket" "oops" {\n  name = "open"\n}\n',
        """
        resource "google_storage_bucket" "oops" {
          public_access_prevention    = "inherited"
          uniform_bucket_level_access = true
        }
        """,
    ],
)
def test_a_public_bucket_is_found(planted: str) -> None:
    assert public([*everything(), *resources(planted)])


def test_raw_and_temporary_objects_are_deleted_and_not_kept_aside() -> None:
    buckets = {name: body for kind, name, body in everything() if kind == "google_storage_bucket"}
    for name in ("raw", "staging"):
        text = str(buckets[name])
        assert "Delete" in text
        assert "versioning" not in text
        assert buckets[name]["soft_delete_policy"][0]["retention_duration_seconds"] == 0
