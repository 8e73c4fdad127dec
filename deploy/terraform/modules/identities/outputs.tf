output "uploader_email" {
  description = "Address of the account that stores dumps."
  value       = google_service_account.uploader.email
}

output "pipeline_email" {
  description = "Address of the account that workers run as."
  value       = google_service_account.pipeline.email
}

output "scheduler_email" {
  description = "Address of the account that starts the daily job."
  value       = google_service_account.scheduler.email
}
