variable "project" {
  description = "Id of the project."
  type        = string
}

variable "prefix" {
  description = "Begins the name of everything that is made."
  type        = string
}

variable "region" {
  description = "Region of everything that is made."
  type        = string
}

variable "image" {
  description = "Image of launcher and workers."
  type        = string
}

variable "policy" {
  description = "Privacy policy."
  type        = string
}

variable "schedule" {
  description = "When the daily job starts."
  type        = string
}

variable "streaming" {
  description = "Whether the streaming job runs instead of the daily one."
  type        = bool
}

variable "lateness_hours" {
  description = "Hours from a period's end to its release."
  type        = number
}

variable "raw_bucket" {
  description = "Bucket of raw dumps."
  type        = string
}

variable "staging_bucket" {
  description = "Bucket of temporary objects."
  type        = string
}

variable "published_bucket" {
  description = "Bucket of published tables."
  type        = string
}

variable "subscription" {
  description = "Subscription of the streaming job; null without one."
  type        = string
}

variable "key_secret" {
  description = "Secret of the key for hashes."
  type        = string
}

variable "key_version" {
  description = "Version of that secret which is in use."
  type        = string
}

variable "raw_key" {
  description = "Encrypts what the engine keeps."
  type        = string
}

variable "pipeline_email" {
  description = "Account of the workers."
  type        = string
}

variable "scheduler_email" {
  description = "Account that starts the daily job."
  type        = string
}

variable "subnetwork" {
  description = "Subnetwork of the workers."
  type        = string
}

variable "subnetwork_id" {
  description = "The same subnetwork, as Cloud Run names it."
  type        = string
}

variable "network" {
  description = "Network of the workers."
  type        = string
}
