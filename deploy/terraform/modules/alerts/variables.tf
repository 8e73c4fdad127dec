variable "project" {
  description = "Id of the project."
  type        = string
}

variable "prefix" {
  description = "Begins the name of everything that is made."
  type        = string
}

variable "alert_email" {
  description = "Address that alerts are sent to."
  type        = string
}
