# Raw dumps come in by one account, are read by another, and only what is anonymous leaves.

resource "google_project_service" "used" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "dataflow.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ])
  project            = var.project
  service            = each.value
  disable_on_destroy = false
}

module "keys" {
  source     = "./modules/keys"
  project    = var.project
  region     = var.region
  prefix     = var.prefix
  depends_on = [google_project_service.used]
}

module "storage" {
  source         = "./modules/storage"
  project        = var.project
  region         = var.region
  prefix         = var.prefix
  raw_key        = module.keys.raw_key
  output_key     = module.keys.published_key
  raw_days       = var.raw_days
  temporary_days = var.temporary_days
  published_days = var.published_days
}

module "identities" {
  source           = "./modules/identities"
  project          = var.project
  prefix           = var.prefix
  raw_bucket       = module.storage.raw_bucket
  staging_bucket   = module.storage.staging_bucket
  published_bucket = module.storage.published_bucket
  key_secret       = module.keys.period_key_secret
  image            = var.image
  uploader_members = var.uploader_members
  analyst_members  = var.analyst_members
  auditor_members  = var.auditor_members
}

module "messages" {
  count          = var.streaming ? 1 : 0
  source         = "./modules/messages"
  project        = var.project
  prefix         = var.prefix
  raw_bucket     = module.storage.raw_bucket
  raw_key        = module.keys.raw_key
  pipeline_email = module.identities.pipeline_email
}

module "network" {
  source     = "./modules/network"
  project    = var.project
  region     = var.region
  prefix     = var.prefix
  depends_on = [google_project_service.used]
}

module "jobs" {
  source           = "./modules/jobs"
  project          = var.project
  region           = var.region
  prefix           = var.prefix
  image            = var.image
  policy           = var.policy
  schedule         = var.schedule
  streaming        = var.streaming
  lateness_hours   = var.lateness_hours
  raw_bucket       = module.storage.raw_bucket
  staging_bucket   = module.storage.staging_bucket
  published_bucket = module.storage.published_bucket
  subscription     = one(module.messages[*].subscription)
  key_secret       = module.keys.period_key_secret
  key_version      = var.key_version
  raw_key          = module.keys.raw_key
  pipeline_email   = module.identities.pipeline_email
  scheduler_email  = module.identities.scheduler_email
  network          = module.network.network
  subnetwork       = module.network.subnetwork
  subnetwork_id    = module.network.subnetwork_id
  depends_on       = [module.identities]
}

module "alerts" {
  source       = "./modules/alerts"
  project      = var.project
  prefix       = var.prefix
  alert_email  = var.alert_email
  subscription = one(module.messages[*].subscription_name)
  undelivered  = one(module.messages[*].undelivered)
  rotation     = module.keys.rotation_topic
  streaming    = var.streaming
}

module "analytics" {
  source           = "./modules/analytics"
  project          = var.project
  region           = var.region
  prefix           = var.prefix
  published_bucket = module.storage.published_bucket
  published_key    = module.keys.published_key
  analyst_members  = var.analyst_members
}
