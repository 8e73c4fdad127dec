output "subscription" {
  description = "Full name of the subscription that the streaming job reads."
  value       = google_pubsub_subscription.new_dumps.id
}
