"""Who can reach what, from the parsed Terraform: raw dumps are for two accounts only.

Reach is counted generously: a role that is not known to be harmless is taken to reach everything.
"""

import re

import pytest

from tests.deploy.terraform import FOLDER, Block, Grant, bare, blocks_in, everything, grants

ACCOUNTS = ("uploader", "pipeline", "scheduler")
EVERYTHING = "everything"
PUBLISHED = "published"
RESTRICTED = {EVERYTHING, "raw", "staging", "messages", "key", "pipeline"}

HARMLESS_FOR_A_PROJECT = {
    "roles/bigquery.jobUser",  # asks, of what it may read by other grants
    "roles/iam.securityReviewer",  # sees who may do what
    "roles/logging.privateLogViewer",  # sees who did what
}
HARMLESS_ON_A_THING = {
    "roles/run.invoker",  # starts a job as it is
    "roles/storage.objectCreator",  # adds objects, reads none
    "roles/storage.legacyBucketOwner",  # sets the policy, reads no object
}


def thing_of(text: str) -> str:
    """Return what an expression names, by the names that this Terraform gives."""
    for pattern, thing in (
        (r"raw_bucket|bucket\.raw\b|crashveil-raw", "raw"),
        (r"staging_bucket|bucket\.staging\b|crashveil-staging", "staging"),
        (r"published_bucket|bucket\.published\b|crashveil-published", PUBLISHED),
        (r"pubsub|new_dumps|undelivered", "messages"),
        (r"secret|crypto_key|raw_key|key_ring", "key"),
        *((rf"service_account\.{account}\b|{account}_email", account) for account in ACCOUNTS),
    ):
        if re.search(pattern, text):
            return thing
    return EVERYTHING


def reached_by(grant: Grant, found: list[Block]) -> set[str]:
    """Return what a grant lets somebody read, or act as."""
    if re.match("google_(project|folder|organization)_", grant.kind):
        return set() if grant.role in HARMLESS_FOR_A_PROJECT else {EVERYTHING}
    if grant.role in HARMLESS_ON_A_THING:
        return set()
    if "bigquery_dataset" in grant.kind or "bigquery_table" in grant.kind:
        return {
            thing_of(bare(uri))
            for block in found
            if block.kind == "google_bigquery_table"
            for outside in block.body.get("external_data_configuration", [])
            for uri in outside["source_uris"]
        }
    return {thing_of(f"{grant.kind} {grant.target}")}


def reach(who: str, found: list[Block]) -> set[str]:
    """Return all that somebody reaches, also as the accounts that they may act as.

    `who` is in a grant's text; everybody is in `allUsers` and the like.
    """
    every = ("allUsers", "allAuthenticatedUsers", "domain:", "projectViewer", "projectEditor")
    reached: set[str] = set()
    names, asked = [who, *every], set()
    while names:
        name = names.pop()
        asked.add(name)
        for grant in grants(found):
            if name in grant.who:
                reached |= reached_by(grant, found)
        names += {f"service_account.{each}." for each in reached & set(ACCOUNTS)} - asked
    return reached


def open_by_default(found: list[Block]) -> set[str]:
    """Return the buckets whose policy is not whole: a new one lets a project's viewers read."""
    whole = {
        thing_of(bare(each.body["bucket"]))
        for each in found
        if each.kind == "google_storage_bucket_iam_policy"
    }
    return {each.name for each in found if each.kind == "google_storage_bucket"} - whole


def public(found: list[Block]) -> list[str]:
    """Return what opens a bucket to everybody, or leaves that possible."""
    told = [str(grant) for grant in grants(found) if "allUsers" in grant.who]
    told += [str(grant) for grant in grants(found) if "allAuthenticatedUsers" in grant.who]
    for kind, name, body in found:
        if kind == "google_storage_bucket" and (
            bare(body.get("public_access_prevention")) != "enforced"
            or str(body.get("uniform_bucket_level_access")).lower() != "true"
        ):
            told.append(name)
        if re.match("google_storage_(bucket|object|default_object)_a(cl|ccess_control)", kind):
            told.append(name)
    return told


def test_an_analyst_reaches_what_is_published_and_nothing_else() -> None:
    assert reach("analyst_members", everything()) == {PUBLISHED}


def test_an_auditor_reaches_what_is_published_and_nothing_else() -> None:
    assert reach("auditor_members", everything()) == {PUBLISHED}


def test_the_uploader_stores_and_reads_nothing_and_so_does_whoever_acts_as_it() -> None:
    assert reach("service_account.uploader.", everything()) == set()
    assert reach("uploader_members", everything()) == {"uploader"}


def test_the_scheduler_starts_the_job_and_reads_nothing() -> None:
    assert reach("scheduler_email", everything()) == set()
    assert reach("service_account.scheduler.", everything()) == set()


def test_the_pipeline_is_found_to_reach_raw_dumps_so_the_search_sees_something() -> None:
    found = reach("service_account.pipeline.", everything())
    assert {"raw", "staging", PUBLISHED, "key", "pipeline"} <= found


def planted(*texts: str) -> list[Block]:
    return [*everything(), *(block for text in texts for block in blocks_in(text))]


_PIPELINE = "google_service_account.pipeline.name"
_NEW_DUMPS = "google_pubsub_subscription.new_dumps.name"
ANALYST = 'for_each = toset(var.analyst_members)\n member = "${each.value}"'


@pytest.mark.parametrize(
    ("kind", "target", "role"),
    [
        ("storage_bucket", "bucket = var.raw_bucket", "storage.objectViewer"),
        ("storage_bucket", "bucket = module.storage.staging_bucket", "storage.objectUser"),
        ("storage_bucket", "bucket = google_storage_bucket.raw.name", "storage.admin"),
        ("storage_bucket", 'bucket = "x-crashveil-raw"', "storage.legacyObjectReader"),
        ("storage_managed_folder", "bucket = var.raw_bucket", "storage.objectViewer"),
        ("project", "project = var.project", "storage.objectViewer"),
        ("project", "project = var.project", "viewer"),
        ("project", "project = var.project", "dataflow.developer"),
        ("project", "project = var.project", "iam.serviceAccountTokenCreator"),
        ("project", "project = var.project", "ourOwn"),
        ("folder", 'folder = "folders/1"', "storage.objectViewer"),
        ("organization", 'org_id = "1"', "owner"),
        ("service_account", f"service_account_id = {_PIPELINE}", "iam.serviceAccountUser"),
        ("service_account", f"service_account_id = {_PIPELINE}", "iam.serviceAccountKeyAdmin"),
        ("pubsub_subscription", f"subscription = {_NEW_DUMPS}", "pubsub.subscriber"),
        ("secret_manager_secret", "secret_id = var.key_secret", "secretmanager.secretAccessor"),
        ("kms_crypto_key", "crypto_key_id = var.raw_key", "cloudkms.cryptoKeyDecrypter"),
        ("bigquery_connection", 'connection_id = "lake"', "bigquery.connectionUser"),
        ("cloud_run_v2_job", 'name = "x"', "run.developer"),
    ],
)
def test_a_path_of_an_analyst_is_found(kind: str, target: str, role: str) -> None:
    body = f'{target}\n role = "roles/{role}"\n {ANALYST}'
    found = planted(f'resource "google_{kind}_iam_member" "oops" {{\n{body}\n}}\n')
    assert reach("analyst_members", found) & RESTRICTED


@pytest.mark.parametrize(
    "members",
    ["var.analyst_members", '["group:analysts@example.org", "allUsers"]', '["domain:example.org"]'],
)
def test_a_path_by_a_binding_is_found(members: str) -> None:
    body = f'bucket = var.raw_bucket\n role = "roles/storage.objectViewer"\n members = {members}'
    found = planted(f'resource "google_storage_bucket_iam_binding" "oops" {{\n{body}\n}}\n')
    assert "raw" in reach("analyst_members", found)


def test_a_path_in_a_whole_policy_is_found() -> None:
    found = planted(
        'data "google_iam_policy" "oops" {\n binding {\n role = "roles/storage.objectViewer"\n'
        " members = var.analyst_members\n }\n}\n",
        'resource "google_storage_bucket_iam_policy" "oops" {\n bucket = var.raw_bucket\n'
        " policy_data = data.google_iam_policy.oops.policy_data\n}\n",
    )
    assert "raw" in reach("analyst_members", found)


def test_a_path_by_a_table_over_raw_dumps_is_found() -> None:
    found = planted(
        'resource "google_bigquery_table" "oops" {\n external_data_configuration {\n'
        ' source_uris = ["gs://${var.raw_bucket}/*"]\n }\n}\n'
    )
    assert "raw" in reach("analyst_members", found)


def test_a_path_over_two_accounts_is_found() -> None:
    found = planted(
        'resource "google_service_account_iam_member" "one" {\n'
        " service_account_id = google_service_account.scheduler.name\n"
        f' role = "roles/iam.serviceAccountTokenCreator"\n {ANALYST}\n}}\n',
        'resource "google_service_account_iam_member" "two" {\n'
        " service_account_id = google_service_account.pipeline.name\n"
        ' role = "roles/iam.serviceAccountUser"\n'
        " member = google_service_account.scheduler.member\n}\n",
    )
    assert "raw" in reach("analyst_members", found)


def test_viewers_of_the_project_cannot_read_raw_or_staged_objects() -> None:
    assert open_by_default(everything()) == {PUBLISHED}


def test_a_bucket_that_viewers_of_the_project_can_read_is_found() -> None:
    without = [each for each in everything() if each.kind != "google_storage_bucket_iam_policy"]
    assert "raw" in open_by_default(without)


def test_nobody_can_be_named_who_is_everybody() -> None:
    text = (FOLDER / "variables.tf").read_text("utf-8")
    for variable in ("analyst_members", "auditor_members"):
        assert f"for member in var.{variable} : can(regex(" in text


def test_the_pipeline_can_add_to_what_is_published_and_alter_nothing() -> None:
    roles = {
        grant.role
        for grant in grants(everything())
        if thing_of(grant.target) == PUBLISHED and "pipeline" in grant.who
    }
    assert roles == {"roles/storage.objectViewer", "roles/storage.objectCreator"}


def test_what_is_published_is_kept_as_it_was_written() -> None:
    (bucket,) = (
        each.body
        for each in everything()
        if each.kind == "google_storage_bucket" and each.name == PUBLISHED
    )
    assert "var.published_days" in bare(bucket["retention_policy"][0]["retention_period"])
    assert "lifecycle_rule" not in bucket


def test_no_bucket_is_public() -> None:
    found = everything()
    assert [each.name for each in found if each.kind == "google_storage_bucket"] == [
        "raw",
        "staging",
        PUBLISHED,
    ]
    assert public(found) == []


@pytest.mark.parametrize(
    "leak",
    [
        'resource "google_storage_bucket_iam_member" "oops" {\n bucket = var.published_bucket\n'
        ' role = "roles/storage.objectViewer"\n member = "allUsers"\n}\n',
        'resource "google_storage_bucket_iam_binding" "oops" {\n bucket = var.published_bucket\n'
        ' role = "roles/storage.objectViewer"\n members = ["allAuthenticatedUsers"]\n}\n',
        'resource "google_storage_bucket" "oops" {\n name = "open"\n}\n',
        'resource "google_storage_bucket" "oops" {\n public_access_prevention = "inherited"\n'
        " uniform_bucket_level_access = true\n}\n",
        'resource "google_storage_bucket_access_control" "oops" {\n bucket = "b"\n}\n',
    ],
)
def test_a_public_bucket_is_found(leak: str) -> None:
    assert public(planted(leak))


def test_raw_and_temporary_objects_are_deleted_and_not_kept_aside() -> None:
    buckets = {
        each.name: each.body for each in everything() if each.kind == "google_storage_bucket"
    }
    for name in ("raw", "staging"):
        text = str(buckets[name])
        assert "Delete" in text
        assert "versioning" not in text
        assert buckets[name]["soft_delete_policy"][0]["retention_duration_seconds"] == 0


def test_no_account_has_a_key_that_could_be_carried_away() -> None:
    assert not [each for each in everything() if each.kind == "google_service_account_key"]
