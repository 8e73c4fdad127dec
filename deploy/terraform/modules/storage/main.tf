# Raw dumps and the engine's temporary objects are short-lived; what is published stays.

resource "google_storage_bucket" "raw" {
  #checkov:skip=CKV_GCP_78: a version of a raw dump would outlive its deletion (P15)
  #checkov:skip=CKV_GCP_62: accesses are told by data access audit logs, which hold who and not only what
  name                        = "${var.prefix}-crashveil-raw"
  project                     = var.project
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  encryption {
    default_kms_key_name = var.raw_key
  }

  # What a user asks to have deleted, or what is past its time, is gone at once.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    condition {
      age = var.raw_days
    }
    action {
      type = "Delete"
    }
  }
}

resource "google_storage_bucket" "staging" {
  #checkov:skip=CKV_GCP_78: temporary objects; a version would outlive its deletion (P15)
  #checkov:skip=CKV_GCP_62: accesses are told by data access audit logs, which hold who and not only what
  name                        = "${var.prefix}-crashveil-staging"
  project                     = var.project
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  encryption {
    default_kms_key_name = var.raw_key
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    condition {
      age = var.staging_days
    }
    action {
      type = "Delete"
    }
  }
}

# No retention policy: it would also hold what is staged, which must go once it is released. That
# nobody alters a release is kept by access (modules/identities), versions and the ledger's hashes.
resource "google_storage_bucket" "published" {
  #checkov:skip=CKV_GCP_62: accesses are told by data access audit logs, which hold who and not only what
  name                        = "${var.prefix}-crashveil-published"
  project                     = var.project
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  encryption {
    default_kms_key_name = var.output_key
  }

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 7776000 # 90 days, to bring back what was deleted by mistake
  }
}
