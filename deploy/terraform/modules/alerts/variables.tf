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

variable "subscription" {
  description = "Name of the stream's subscription; null without a stream."
  type        = string
}

variable "undelivered" {
  description = "Name of the subscription that holds what could not be delivered; null without a stream."
  type        = string
}

variable "rotation" {
  description = "Name of the topic that tells of the key for hashes."
  type        = string
}

variable "streaming" {
  description = "Whether the stream runs."
  type        = bool
}
