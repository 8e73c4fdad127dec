variable "project" {
  description = "Id of the project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of buckets, keys, workers and tables, such as europe-west4."
  type        = string
}

variable "prefix" {
  description = "Begins the name of everything that is made. Bucket names are unique in the world."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,20}$", var.prefix))
    error_message = "Take 3 to 21 lower-case letters, digits and hyphens."
  }
}

variable "image" {
  description = "The image of deploy/Dockerfile, with its digest: REGION-docker.pkg.dev/P/R/crashveil@sha256:..."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9-]+-docker\\.pkg\\.dev/[^/]+/[^/]+/.+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name an image in Artifact Registry by its digest, so that what runs is what was looked at."
  }
}

variable "policy" {
  description = "The privacy policy that is released by: default, small-fleet or dp."
  type        = string
  default     = "default"
  validation {
    condition     = contains(["default", "small-fleet", "dp"], var.policy)
    error_message = "Take default, small-fleet or dp: the image holds no other that is anonymous."
  }
}

variable "key_version" {
  description = "Version of the period key's secret that is in use; docs/operations.md says when to name the next one."
  type        = string
  default     = "1"
}

variable "raw_days" {
  description = "Days after which raw dumps are deleted, released or not (P15)."
  type        = number
  default     = 30
  validation {
    condition     = var.raw_days >= 2 && var.raw_days <= 30
    error_message = "Between 2 days, for a period to close, and the contract's 30."
  }
}

variable "temporary_days" {
  description = "Days after which the engine's temporary objects are deleted."
  type        = number
  default     = 2
}

variable "published_days" {
  description = "Days in which nothing that is published can be replaced or deleted."
  type        = number
  default     = 400
}

variable "streaming" {
  description = "Whether dumps are read as they arrive. Otherwise a job runs each day."
  type        = bool
  default     = false
}

variable "lateness_hours" {
  description = "Hours from a period's end to its release, for the streaming job."
  type        = number
  default     = 6
}

variable "schedule" {
  description = "When the daily job starts (cron, UTC)."
  type        = string
  default     = "30 6 * * *"
}

variable "uploader_members" {
  description = "Who may act as the account that stores dumps, such as the collector's own service account."
  type        = list(string)
  default     = []
}

variable "analyst_members" {
  description = "Who may read the published tables, and nothing else, such as group:analysts@example.org."
  type        = list(string)
  validation {
    condition     = alltrue([for member in var.analyst_members : can(regex("^(user|group|serviceAccount|principal|principalSet):", member))])
    error_message = "Name people, groups and accounts: what is for all users or a whole domain is for nobody in particular."
  }
}

variable "auditor_members" {
  description = "Who may read the published tables, the policies of access, and the audit logs."
  type        = list(string)
  validation {
    condition     = alltrue([for member in var.auditor_members : can(regex("^(user|group|serviceAccount|principal|principalSet):", member))])
    error_message = "Name people, groups and accounts: what is for all users or a whole domain is for nobody in particular."
  }
}

variable "alert_email" {
  description = "Address that alerts are sent to."
  type        = string
}
