# The published folders as tables to ask. BigQuery reads the objects; nothing is copied.

locals {
  schemas = jsondecode(file("${path.module}/schemas.json")) # made by make deploy-files
}

resource "google_bigquery_dataset" "crashes" {
  dataset_id  = replace("${var.prefix}_crashes", "-", "_")
  project     = var.project
  location    = var.region
  description = "Anonymous counts of crashes, by crashveil"

  default_encryption_configuration {
    kms_key_name = var.published_key
  }
}

resource "google_bigquery_table" "published" {
  #checkov:skip=CKV_GCP_121: holds no data of its own
  for_each            = local.schemas
  dataset_id          = google_bigquery_dataset.crashes.dataset_id
  project             = var.project
  table_id            = each.key
  deletion_protection = false

  encryption_configuration {
    kms_key_name = var.published_key
  }

  external_data_configuration {
    source_format = "PARQUET"
    autodetect    = false
    schema        = jsonencode(each.value)
    source_uris   = ["gs://${var.published_bucket}/${each.key}/*"]

    parquet_options {
      enable_list_inference = true
    }

    hive_partitioning_options {
      mode                     = "CUSTOM"
      source_uri_prefix        = "gs://${var.published_bucket}/${each.key}/{period:DATE}"
      require_partition_filter = false
    }
  }
}

resource "google_bigquery_dataset_iam_member" "analyst" {
  for_each   = toset(var.analyst_members)
  project    = var.project
  dataset_id = google_bigquery_dataset.crashes.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.value
}

resource "google_project_iam_member" "analyst_asks" {
  for_each = toset(var.analyst_members)
  project  = var.project
  role     = "roles/bigquery.jobUser"
  member   = each.value
}
