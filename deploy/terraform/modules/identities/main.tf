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

# Raw: in by the uploader, out by the pipeline.

resource "google_storage_bucket_iam_member" "uploader_raw" {
  bucket = var.raw_bucket
  role   = "roles/storage.objectCreator"
  member = google_service_account.uploader.member
}

resource "google_storage_bucket_iam_member" "pipeline_raw" {
  bucket = var.raw_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.pipeline.member
}

resource "google_storage_bucket_iam_member" "pipeline_staging" {
  bucket = var.staging_bucket
  role   = "roles/storage.objectUser"
  member = google_service_account.pipeline.member
}

# Published: the pipeline may add and read, and may delete or replace only what is not released yet.

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

resource "google_storage_bucket_iam_member" "pipeline_published_staged" {
  bucket = var.published_bucket
  role   = "roles/storage.objectUser"
  member = google_service_account.pipeline.member

  condition {
    title       = "what is not released yet"
    description = "Only below _staging/"
    expression  = "resource.name.startsWith(\"projects/_/buckets/${var.published_bucket}/objects/_staging/\")"
  }
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

resource "google_project_iam_member" "scheduler_launches" {
  #checkov:skip=CKV_GCP_49: launching a template has no narrower role; it acts as the pipeline's account alone
  project = var.project
  role    = "roles/dataflow.developer"
  member  = google_service_account.scheduler.member
}

resource "google_service_account_iam_member" "scheduler_as_pipeline" {
  service_account_id = google_service_account.pipeline.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.scheduler.member
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
