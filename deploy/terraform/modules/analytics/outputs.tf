output "dataset" {
  description = "The dataset of the published tables."
  value       = google_bigquery_dataset.crashes.dataset_id
}
