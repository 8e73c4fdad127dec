output "channel" {
  description = "The channel that alerts are sent to."
  value       = google_monitoring_notification_channel.email.id
}
