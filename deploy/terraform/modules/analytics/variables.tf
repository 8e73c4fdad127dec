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

variable "published_bucket" {
  description = "Bucket of published tables."
  type        = string
}

variable "published_key" {
  description = "Encrypts the dataset."
  type        = string
}

variable "analyst_members" {
  description = "Who may ask the tables."
  type        = list(string)
}
