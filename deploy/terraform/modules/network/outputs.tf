output "network" {
  description = "The network of the workers."
  value       = google_compute_network.workers.id
}

output "subnetwork" {
  description = "The subnetwork of the workers, as Dataflow names it."
  value       = "regions/${var.region}/subnetworks/${google_compute_subnetwork.workers.name}"
}

output "subnetwork_id" {
  description = "The subnetwork of the workers."
  value       = google_compute_subnetwork.workers.id
}
