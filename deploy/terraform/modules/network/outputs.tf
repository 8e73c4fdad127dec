output "subnetwork" {
  description = "The subnetwork of the workers, as Dataflow names it."
  value       = "regions/${var.region}/subnetworks/${google_compute_subnetwork.workers.name}"
}
