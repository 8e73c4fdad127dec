output "raw_key" {
  description = "The key that raw dumps, messages and temporary objects are encrypted with."
  value       = google_kms_crypto_key.raw.id
}

output "published_key" {
  description = "The key that the published tables are encrypted with."
  value       = google_kms_crypto_key.published.id
}

output "period_key_secret" {
  description = "Id of the secret that holds the key for hashes."
  value       = google_secret_manager_secret.period_key.id
}
