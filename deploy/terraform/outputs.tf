output "raw_bucket" {
  description = "Where the collector stores dumps."
  value       = module.storage.raw_bucket
}

output "published_bucket" {
  description = "Where the tables and the ledger are."
  value       = module.storage.published_bucket
}

output "uploader_email" {
  description = "The account that stores dumps, and can do nothing else."
  value       = module.identities.uploader_email
}

output "period_key_secret" {
  description = "The secret that a key's version is added to before the first run."
  value       = module.keys.period_key_secret
}
