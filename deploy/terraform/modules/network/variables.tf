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
