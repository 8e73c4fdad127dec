output "raw_bucket" {
  description = "Name of the bucket of raw dumps."
  value       = google_storage_bucket.raw.name
}

output "staging_bucket" {
  description = "Name of the bucket of temporary objects."
  value       = google_storage_bucket.staging.name
}

output "published_bucket" {
  description = "Name of the bucket of published tables."
  value       = google_storage_bucket.published.name
}
