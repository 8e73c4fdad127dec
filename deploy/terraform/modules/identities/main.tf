# Four accounts with as little as each needs. No role on storage is given for the whole project.

resource "google_service_account" "uploader" {
  account_id   = "${var.prefix}-uploader"
  display_name = "Stores crash dumps, and can do nothing else"
  project      = var.project
}

resource "google_service_account" "pipeline" {
  account_id   = "${var.prefix}-pipeline"
  display_name = "Reads crash dumps, publishes anonymous tables"
  project      = var.project
}

resource "google_service_account" "scheduler" {
  account_id   = "${var.prefix}-scheduler"
  display_name = "Starts the pipeline each day"
  project      = var.project
}

resource "google_service_account_iam_member" "uploader" {
  for_each           = toset(var.uploader_members)
  service_account_id = google_service_account.uploader.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.value
}

# Raw and staging: whole policies, which leave no room for others. A new bucket would let all viewers of the
# project read its objects. The project's owners may set these policies (which is logged), and read nothing.

data "google_iam_policy" "raw" {
  binding {
    role    = "roles/storage.objectCreator"
    members = [google_service_account.uploader.member]
  }
  binding {
    role    = "roles/storage.objectViewer"
    members = [google_service_account.pipeline.member]
  }
  binding {
    role    = "roles/storage.legacyBucketOwner"
    members = ["projectOwner:${var.project}"]
  }
}

data "google_iam_policy" "staging" {
  binding {
    role    = "roles/storage.objectUser"
    members = [google_service_account.pipeline.member]
  }
  binding {
    role    = "roles/storage.legacyBucketOwner"
    members = ["projectOwner:${var.project}"]
  }
}

resource "google_storage_bucket_iam_policy" "raw" {
  bucket      = var.raw_bucket
  policy_data = data.google_iam_policy.raw.policy_data
}

resource "google_storage_bucket_iam_policy" "staging" {
  bucket      = var.staging_bucket
  policy_data = data.google_iam_policy.staging.policy_data
}

# Published: the pipeline may add and read. It can neither replace nor delete, released or not.

resource "google_storage_bucket_iam_member" "pipeline_published_read" {
  bucket = var.published_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.pipeline.member
}

resource "google_storage_bucket_iam_member" "pipeline_published_create" {
  bucket = var.published_bucket
  role   = "roles/storage.objectCreator"
  member = google_service_account.pipeline.member
}

resource "google_storage_bucket_iam_member" "analyst_published" {
  for_each = toset(var.analyst_members)
  bucket   = var.published_bucket
  role     = "roles/storage.objectViewer"
  member   = each.value
}

resource "google_storage_bucket_iam_member" "auditor_published" {
  for_each = toset(var.auditor_members)
  bucket   = var.published_bucket
  role     = "roles/storage.objectViewer"
  member   = each.value
}

# What the pipeline needs to run.

resource "google_project_iam_member" "pipeline_worker" {
  project = var.project
  role    = "roles/dataflow.worker"
  member  = google_service_account.pipeline.member
}

resource "google_secret_manager_secret_iam_member" "pipeline_key" {
  project   = var.project
  secret_id = var.key_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.pipeline.member
}

# The daily job starts Dataflow's, which act as the same account.

resource "google_project_iam_member" "pipeline_launches" {
  #checkov:skip=CKV_GCP_49: launching a job has no narrower role; it can act as its own account alone
  project = var.project
  role    = "roles/dataflow.developer"
  member  = google_service_account.pipeline.member
}

resource "google_service_account_iam_member" "pipeline_as_itself" {
  service_account_id = google_service_account.pipeline.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.pipeline.member
}

locals {
  # REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:...
  image = split("/", var.image)
}

resource "google_artifact_registry_repository_iam_member" "pipeline_image" {
  project    = local.image[1]
  location   = trimsuffix(local.image[0], "-docker.pkg.dev")
  repository = local.image[2]
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.pipeline.member
}

# Who checks sees who may do what and who did what, and no raw dump.

resource "google_project_iam_member" "auditor_policies" {
  for_each = toset(var.auditor_members)
  project  = var.project
  role     = "roles/iam.securityReviewer"
  member   = each.value
}

resource "google_project_iam_member" "auditor_logs" {
  for_each = toset(var.auditor_members)
  project  = var.project
  role     = "roles/logging.privateLogViewer"
  member   = each.value
}
