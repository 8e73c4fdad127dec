output "subscription" {
  description = "Full name of the subscription that the streaming job reads."
  value       = google_pubsub_subscription.new_dumps.id
}

output "undelivered" {
  description = "Name of the subscription that holds what could not be delivered."
  value       = google_pubsub_subscription.undelivered.name
}

output "subscription_name" {
  description = "The same subscription's name alone."
  value       = google_pubsub_subscription.new_dumps.name
}
