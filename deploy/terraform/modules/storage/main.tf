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

  # The engine's own: what a job leaves behind.
  lifecycle_rule {
    condition {
      age            = var.temporary_days
      matches_prefix = ["engine/"]
    }
    action {
      type = "Delete"
    }
  }

  # Records of open periods, encrypted once more, and files of a release until it is done. The pipeline
  # deletes them itself; this is for what it never came back to.
  lifecycle_rule {
    condition {
      age            = var.raw_days + 1
      matches_prefix = ["records/"]
    }
    action {
      type = "Delete"
    }
  }
}

# Nothing is ever replaced or deleted here before its time, by whomever: what is not released yet is staged
# in the other bucket. The ledger's entries are objects of their own, each with the hash of all before it.
resource "google_storage_bucket" "published" {
  #checkov:skip=CKV_GCP_78: the retention policy keeps every object as it was written, so there are no versions
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

  # Not locked: after a leak somebody must be able to lift it (docs/operations.md), which is logged.
  retention_policy {
    retention_period = var.published_days * 86400
    is_locked        = false
  }

  soft_delete_policy {
    retention_duration_seconds = 7776000 # 90 days, to bring back what was deleted by mistake
  }
}
