variable "project" {
  description = "Id of the project."
  type        = string
}

variable "prefix" {
  description = "Begins the name of everything that is made."
  type        = string
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

variable "key_secret" {
  description = "Secret of the key for hashes."
  type        = string
}

variable "image" {
  description = "Image of all jobs, whose repository the pipeline may pull from."
  type        = string
}

variable "uploader_members" {
  description = "Who may act as the uploader."
  type        = list(string)
}

variable "analyst_members" {
  description = "Who may read what is published."
  type        = list(string)
}

variable "auditor_members" {
  description = "Who may check."
  type        = list(string)
}
