# Who read what is logged, and what goes wrong is told. docs/operations.md says what each alert means.

resource "google_project_iam_audit_config" "data_access" {
  for_each = toset(["storage.googleapis.com", "secretmanager.googleapis.com", "cloudkms.googleapis.com", "pubsub.googleapis.com"])
  project  = var.project
  service  = each.value

  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }
  audit_log_config {
    log_type = "ADMIN_READ"
  }
}

resource "google_monitoring_notification_channel" "email" {
  project      = var.project
  display_name = "${var.prefix}: on call"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

locals {
  # The pipeline's own counters, as Dataflow shows them: no value of a report is among them.
  ratios = {
    "late reports"     = { counted = "reports_late/", share = 0.05, of = "reports_read/" }
    "rejected reports" = { counted = "reports_rejected/.*", share = 0.10, of = "reports_read/" }
  }
}

resource "google_monitoring_alert_policy" "failed" {
  project               = var.project
  display_name          = "${var.prefix}: a job failed"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "a job failed"
    condition_threshold {
      filter          = "resource.type = \"dataflow_job\" AND metric.type = \"dataflow.googleapis.com/job/is_failed\" AND resource.labels.job_name = starts_with(\"${var.prefix}-\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }
}

resource "google_monitoring_alert_policy" "withheld" {
  project               = var.project
  display_name          = "${var.prefix}: the last scan withheld a row"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "rows withheld"
    condition_threshold {
      filter          = "resource.type = \"dataflow_job\" AND metric.type = \"dataflow.googleapis.com/job/user_counter\" AND metric.labels.metric_name = starts_with(\"cells_withheld/\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}

resource "google_monitoring_alert_policy" "ratio" {
  for_each              = local.ratios
  project               = var.project
  display_name          = "${var.prefix}: many ${each.key}"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = each.key
    condition_threshold {
      filter             = "resource.type = \"dataflow_job\" AND metric.type = \"dataflow.googleapis.com/job/user_counter\" AND metric.labels.metric_name = monitoring.regex.full_match(\"${each.value.counted}\")"
      denominator_filter = "resource.type = \"dataflow_job\" AND metric.type = \"dataflow.googleapis.com/job/user_counter\" AND metric.labels.metric_name = \"${each.value.of}\""
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.share
      duration           = "0s"
      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_SUM"
      }
      denominator_aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}
