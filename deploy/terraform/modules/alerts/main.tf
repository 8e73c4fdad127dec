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

# The pipeline's own counters, as Dataflow shows them: no value of a report is among them.

locals {
  job      = "resource.type = \"dataflow_job\" AND resource.labels.job_name = starts_with(\"${var.prefix}-\")"
  counters = "${local.job} AND metric.type = \"dataflow.googleapis.com/job/user_counter\""

  # What must not be seen at all, or not for long. Each is told when it is above `above`.
  thresholds = merge(local.thresholds_of_all, var.streaming ? local.thresholds_of_stream : local.thresholds_of_daily)

  thresholds_of_all = {
    "a job failed" = {
      filter  = "${local.job} AND metric.type = \"dataflow.googleapis.com/job/is_failed\""
      above   = 0
      aligner = "ALIGN_MAX"
    }
    "the last scan withheld a row" = {
      filter  = "${local.counters} AND metric.labels.metric_name = starts_with(\"cells_withheld/\")"
      above   = 0
      aligner = "ALIGN_MAX"
    }
    "the key is due, or was changed" = {
      filter  = "resource.type = \"pubsub_topic\" AND resource.labels.topic_id = \"${var.rotation}\" AND metric.type = \"pubsub.googleapis.com/topic/send_message_operation_count\""
      above   = 0
      aligner = "ALIGN_DELTA"
    }
  }

  thresholds_of_daily = {
    "the daily job failed" = {
      filter  = "resource.type = \"cloud_run_job\" AND resource.labels.job_name = \"${var.prefix}-daily\" AND metric.type = \"run.googleapis.com/job/completed_execution_count\" AND metric.labels.result = \"failed\""
      above   = 0
      aligner = "ALIGN_DELTA"
    }
  }

  thresholds_of_stream = {
    "messages undelivered" = {
      filter  = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${var.undelivered}\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      above   = 0
      aligner = "ALIGN_MAX"
    }
    "the stream is an hour behind" = {
      filter  = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${var.subscription}\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      above   = 3600
      aligner = "ALIGN_MAX"
    }
  }

  ratios = {
    "late reports"     = { counted = "reports_late/", share = 0.05, of = "reports_read/" }
    "rejected reports" = { counted = "reports_rejected/.*", share = 0.10, of = "reports_read/" }
  }
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each              = local.thresholds
  project               = var.project
  display_name          = "${var.prefix}: ${each.key}"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = each.key
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = each.value.aligner
      }
    }
  }
}

# A job that was never started fails nowhere: the schedule's own log tells.
resource "google_monitoring_alert_policy" "not_started" {
  count                 = var.streaming ? 0 : 1
  project               = var.project
  display_name          = "${var.prefix}: the daily job was not started"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "the daily job was not started"
    condition_matched_log {
      filter = "resource.type = \"cloud_scheduler_job\" AND resource.labels.job_id = \"${var.prefix}-daily\" AND severity >= ERROR"
    }
  }

  alert_strategy {
    notification_rate_limit {
      period = "3600s"
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
      filter             = "${local.counters} AND metric.labels.metric_name = monitoring.regex.full_match(\"${each.value.counted}\")"
      denominator_filter = "${local.counters} AND metric.labels.metric_name = \"${each.value.of}\""
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
