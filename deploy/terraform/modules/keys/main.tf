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

data "google_storage_project_service_account" "storage" {
  project = var.project
}

resource "google_kms_crypto_key_iam_member" "storage" {
  for_each = {
    raw       = google_kms_crypto_key.raw.id
    published = google_kms_crypto_key.published.id
  }
  crypto_key_id = each.value
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.storage.email_address}"
}

# The key that makes installation ids into hashes. A version is added by hand (docs/operations.md):
# a value that Terraform made would stand in its state.
resource "google_secret_manager_secret" "period_key" {
  secret_id = "${var.prefix}-period-key"
  project   = var.project

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
    rotation_period    = "7776000s" # 90 days: a message reminds, and docs/operations.md says how
  }

  topics {
    name = google_pubsub_topic.rotation.id
  }

  lifecycle {
    ignore_changes = [rotation[0].next_rotation_time]
  }
}

resource "google_pubsub_topic" "rotation" {
  name         = "${var.prefix}-key-rotation"
  project      = var.project
  kms_key_name = google_kms_crypto_key.raw.id
}
