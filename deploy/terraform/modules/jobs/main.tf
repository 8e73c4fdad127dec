# One of two: a job each day over the bucket of raw dumps, or one that reads them as they come.

locals {
  key_secret = "${var.key_secret}/versions/latest"
  output     = "gs://${var.published_bucket}"
  temporary  = "gs://${var.staging_bucket}/tmp"
  environment = {
    serviceAccountEmail   = var.pipeline_email
    subnetwork            = var.subnetwork
    ipConfiguration       = "WORKER_IP_PRIVATE"
    kmsKeyName            = var.raw_key
    tempLocation          = local.temporary
    stagingLocation       = "gs://${var.staging_bucket}/staging"
    sdkContainerImage     = var.image
    machineType           = "e2-standard-2"
    maxWorkers            = 8
    additionalExperiments = ["use_runner_v2"]
  }
}

resource "google_cloud_scheduler_job" "daily" {
  count       = var.streaming ? 0 : 1
  name        = "${var.prefix}-daily"
  project     = var.project
  region      = var.region
  description = "Releases the periods that are over"
  schedule    = var.schedule
  time_zone   = "Etc/UTC"

  retry_config {
    retry_count          = 3
    min_backoff_duration = "300s"
  }

  http_target {
    http_method = "POST"
    uri         = "https://dataflow.googleapis.com/v1b3/projects/${var.project}/locations/${var.region}/flexTemplates:launch"
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      launchParameter = {
        jobName              = "${var.prefix}-daily"
        containerSpecGcsPath = "${var.templates}/batch.json"
        environment          = local.environment
        parameters = {
          input      = "gs://${var.raw_bucket}/"
          output     = local.output
          policy     = var.policy
          key_secret = local.key_secret
        }
      }
    }))

    oauth_token {
      service_account_email = var.scheduler_email
    }
  }
}

resource "google_dataflow_flex_template_job" "stream" {
  count                   = var.streaming ? 1 : 0
  provider                = google-beta
  name                    = "${var.prefix}-stream"
  project                 = var.project
  region                  = var.region
  container_spec_gcs_path = "${var.templates}/stream.json"
  service_account_email   = var.pipeline_email
  subnetwork              = var.subnetwork
  ip_configuration        = "WORKER_IP_PRIVATE"
  kms_key_name            = var.raw_key
  temp_location           = local.temporary
  sdk_container_image     = var.image
  machine_type            = "e2-standard-2"
  max_workers             = 8
  enable_streaming_engine = true
  on_delete               = "drain"

  parameters = {
    subscription = var.subscription
    output       = local.output
    policy       = var.policy
    key_secret   = local.key_secret
    lateness     = tostring(var.lateness_hours)
  }
}
