output "job" {
  description = "Name of the job that runs."
  value       = var.streaming ? "${var.prefix}-stream" : "${var.prefix}-daily"
}
