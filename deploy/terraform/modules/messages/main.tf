# A message tells of each new dump. What cannot be delivered goes to a topic of its own, and expires.

resource "google_pubsub_topic" "new_dumps" {
  name                       = "${var.prefix}-new-dumps"
  project                    = var.project
  kms_key_name               = var.raw_key
  message_retention_duration = "86400s"
}

resource "google_pubsub_topic" "undelivered" {
  name                       = "${var.prefix}-undelivered"
  project                    = var.project
  kms_key_name               = var.raw_key
  message_retention_duration = "604800s"
}

resource "google_pubsub_subscription" "new_dumps" {
  name                       = "${var.prefix}-new-dumps"
  project                    = var.project
  topic                      = google_pubsub_topic.new_dumps.id
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.undelivered.id
    max_delivery_attempts = 20
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

resource "google_pubsub_subscription" "undelivered" {
  name                       = "${var.prefix}-undelivered"
  project                    = var.project
  topic                      = google_pubsub_topic.undelivered.id
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}

data "google_storage_project_service_account" "storage" {
  project = var.project
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_pubsub_topic_iam_member" "storage_tells" {
  project = var.project
  topic   = google_pubsub_topic.new_dumps.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${data.google_storage_project_service_account.storage.email_address}"
}

resource "google_storage_notification" "new_dumps" {
  bucket         = var.raw_bucket
  topic          = google_pubsub_topic.new_dumps.id
  payload_format = "NONE"
  event_types    = ["OBJECT_FINALIZE"]
  depends_on     = [google_pubsub_topic_iam_member.storage_tells]
}

resource "google_pubsub_subscription_iam_member" "pipeline_reads" {
  project      = var.project
  subscription = google_pubsub_subscription.new_dumps.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:${var.pipeline_email}"
}

resource "google_pubsub_subscription_iam_member" "pipeline_looks" {
  project      = var.project
  subscription = google_pubsub_subscription.new_dumps.name
  role         = "roles/pubsub.viewer"
  member       = "serviceAccount:${var.pipeline_email}"
}

# Pub/Sub itself moves what cannot be delivered.

resource "google_pubsub_topic_iam_member" "service_forwards" {
  project = var.project
  topic   = google_pubsub_topic.undelivered.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_subscription_iam_member" "service_takes" {
  project      = var.project
  subscription = google_pubsub_subscription.new_dumps.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}
