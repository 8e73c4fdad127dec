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

variable "raw_key" {
  description = "Encrypts messages, which may hold dumps."
  type        = string
}

variable "pipeline_email" {
  description = "Account that reads the messages."
  type        = string
}
