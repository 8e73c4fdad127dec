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

variable "raw_key" {
  description = "Encrypts raw and staging."
  type        = string
}

variable "output_key" {
  description = "Encrypts what is published."
  type        = string
}

variable "raw_days" {
  description = "Days after which raw dumps are deleted."
  type        = number
}

variable "temporary_days" {
  description = "Days after which the engine's temporary objects are deleted."
  type        = number
}

variable "published_days" {
  description = "Days in which nothing that is published can be replaced or deleted."
  type        = number
}
