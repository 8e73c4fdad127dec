output "raw_key" {
  description = "The key that raw dumps, messages and temporary objects are encrypted with."
  value       = google_kms_crypto_key.raw.id
  depends_on  = [google_kms_crypto_key_iam_member.raw]
}

output "published_key" {
  description = "The key that the published tables are encrypted with."
  value       = google_kms_crypto_key.published.id
  depends_on  = [google_kms_crypto_key_iam_member.published]
}

output "period_key_secret" {
  description = "Id of the secret that holds the key for hashes."
  value       = google_secret_manager_secret.period_key.id
}

output "rotation_topic" {
  description = "Name of the topic that tells of the secret."
  value       = google_pubsub_topic.rotation.name
}
