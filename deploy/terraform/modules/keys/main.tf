# Two keys, so that whoever may read what is published holds none that opens raw dumps.

resource "google_kms_key_ring" "crashveil" {
  name     = "${var.prefix}-crashveil"
  location = var.region
  project  = var.project
}

resource "google_kms_crypto_key" "raw" {
  name            = "raw"
  key_ring        = google_kms_key_ring.crashveil.id
  rotation_period = "2592000s" # 30 days, as long as a raw dump lives at most

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "published" {
  name            = "published"
  key_ring        = google_kms_key_ring.crashveil.id
  rotation_period = "7776000s" # 90 days

  lifecycle {
    prevent_destroy = true
  }
}

# Google's services encrypt and decrypt by accounts of their own: each must be allowed to.

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "storage" {
  project = var.project
}

data "google_bigquery_default_service_account" "bigquery" {
  project = var.project
}

resource "google_project_service_identity" "secrets" {
  provider = google-beta
  project  = var.project
  service  = "secretmanager.googleapis.com"
}

resource "google_project_service_identity" "messages" {
  provider = google-beta
  project  = var.project
  service  = "pubsub.googleapis.com"
}

locals {
  number = data.google_project.this.number
  raw_users = {
    storage  = data.google_storage_project_service_account.storage.email_address
    secrets  = google_project_service_identity.secrets.email
    messages = google_project_service_identity.messages.email
    dataflow = "service-${local.number}@dataflow-service-producer-prod.iam.gserviceaccount.com"
    compute  = "service-${local.number}@compute-system.iam.gserviceaccount.com"
  }
  published_users = {
    storage  = data.google_storage_project_service_account.storage.email_address
    bigquery = data.google_bigquery_default_service_account.bigquery.email
  }
}

resource "google_kms_crypto_key_iam_member" "raw" {
  for_each      = local.raw_users
  crypto_key_id = google_kms_crypto_key.raw.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"
}

resource "google_kms_crypto_key_iam_member" "published" {
  for_each      = local.published_users
  crypto_key_id = google_kms_crypto_key.published.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"
}

# The key that makes installation ids into hashes. A version is added by hand (docs/operations.md):
# a value that Terraform made would stand in its state.
resource "google_secret_manager_secret" "period_key" {
  secret_id  = "${var.prefix}-period-key"
  project    = var.project
  depends_on = [google_kms_crypto_key_iam_member.raw, google_pubsub_topic_iam_member.secrets_remind]

  replication {
    user_managed {
      replicas {
        location = var.region
        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.raw.id
        }
      }
    }
  }

  rotation {
    next_rotation_time = timeadd(plantimestamp(), "2160h")
    rotation_period    = "7776000s" # 90 days: an alert reminds, and docs/operations.md says how
  }

  topics {
    name = google_pubsub_topic.rotation.id
  }

  lifecycle {
    ignore_changes = [rotation[0].next_rotation_time]
  }
}

# Secret Manager tells here that a rotation is due, and of every change of the key; modules/alerts listens.
resource "google_pubsub_topic" "rotation" {
  name         = "${var.prefix}-key-rotation"
  project      = var.project
  kms_key_name = google_kms_crypto_key.raw.id
  depends_on   = [google_kms_crypto_key_iam_member.raw]
}

resource "google_pubsub_topic_iam_member" "secrets_remind" {
  project = var.project
  topic   = google_pubsub_topic.rotation.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${google_project_service_identity.secrets.email}"
}
