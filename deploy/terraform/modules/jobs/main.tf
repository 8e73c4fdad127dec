# One of two: a job each day over what is new in the bucket of raw dumps, or one that reads dumps as they come.

locals {
  key_secret = "${var.key_secret}/versions/${var.key_version}"
  output     = "gs://${var.published_bucket}"
  staging    = "gs://${var.staging_bucket}/records/key-${var.key_version}" # one key cannot read another's
  engine     = "gs://${var.staging_bucket}/engine"
}

# The templates as Dataflow takes them: the image, and the parameters that deploy/flex/ describes.
resource "google_storage_bucket_object" "template" {
  for_each     = toset(["batch", "stream"])
  bucket       = var.staging_bucket
  name         = "templates/${each.key}.json"
  content_type = "application/json"
  content = jsonencode({
    image    = var.image
    sdkInfo  = { language = "PYTHON" }
    metadata = jsondecode(file("${path.module}/../../../flex/${each.key}.metadata.json"))
  })
}

# The daily job holds no data: it lists what is new, has Dataflow read and release it, and waits. A template's
# launcher could not wait, and so would have to read all dumps again each day.
resource "google_cloud_run_v2_job" "daily" {
  count               = var.streaming ? 0 : 1
  name                = "${var.prefix}-daily"
  project             = var.project
  location            = var.region
  deletion_protection = false

  template {
    task_count = 1

    template {
      service_account = var.pipeline_email
      max_retries     = 1
      timeout         = "21600s"

      containers {
        image   = var.image
        command = ["crashveil"]
        args = [
          "run",
          "gs://${var.raw_bucket}/",
          "--output=${local.output}",
          "--staging=${local.staging}",
          "--policy=${var.policy}",
          "--key-secret=${local.key_secret}",
          "--log-format=json",
          "--runner=DataflowRunner",
          "--project=${var.project}",
          "--region=${var.region}",
          "--job_name=${var.prefix}-daily",
          "--temp_location=${local.engine}/tmp",
          "--staging_location=${local.engine}/staging",
          "--sdk_container_image=${var.image}",
          "--service_account_email=${var.pipeline_email}",
          "--subnetwork=${var.subnetwork}",
          "--no_use_public_ips",
          "--dataflow_kms_key=${var.raw_key}",
          "--machine_type=e2-standard-2",
          "--max_num_workers=8",
          "--experiments=use_runner_v2",
        ]

        resources {
          limits = {
            cpu    = "1"
            memory = "4Gi"
          }
        }
      }

      vpc_access {
        egress = "ALL_TRAFFIC"
        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork_id
        }
      }
    }
  }
}

resource "google_cloud_run_v2_job_iam_member" "scheduler_starts" {
  count    = var.streaming ? 0 : 1
  project  = var.project
  location = var.region
  name     = google_cloud_run_v2_job.daily[0].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.scheduler_email}"
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
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.daily[0].id}:run"

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
  container_spec_gcs_path = "gs://${var.staging_bucket}/${google_storage_bucket_object.template["stream"].name}"
  service_account_email   = var.pipeline_email
  subnetwork              = var.subnetwork
  ip_configuration        = "WORKER_IP_PRIVATE"
  kms_key_name            = var.raw_key
  temp_location           = "${local.engine}/tmp"
  staging_location        = "${local.engine}/staging"
  sdk_container_image     = var.image
  machine_type            = "e2-standard-2"
  max_workers             = 8
  enable_streaming_engine = true
  on_delete               = "cancel" # to drain it would end the period at hand; its dumps are still in the bucket

  parameters = {
    subscription = var.subscription
    output       = local.output
    staging      = local.staging
    policy       = var.policy
    key_secret   = local.key_secret
    lateness     = tostring(var.lateness_hours)
  }
}
