# Raw dumps come in by one account, are read by another, and only what is anonymous leaves.

module "keys" {
  source  = "./modules/keys"
  project = var.project
  region  = var.region
  prefix  = var.prefix
}

module "storage" {
  source       = "./modules/storage"
  project      = var.project
  region       = var.region
  prefix       = var.prefix
  raw_key      = module.keys.raw_key
  output_key   = module.keys.published_key
  raw_days     = var.raw_days
  staging_days = var.staging_days
}

module "identities" {
  source           = "./modules/identities"
  project          = var.project
  prefix           = var.prefix
  raw_bucket       = module.storage.raw_bucket
  staging_bucket   = module.storage.staging_bucket
  published_bucket = module.storage.published_bucket
  key_secret       = module.keys.period_key_secret
  uploader_members = var.uploader_members
  analyst_members  = var.analyst_members
  auditor_members  = var.auditor_members
}

module "messages" {
  source         = "./modules/messages"
  project        = var.project
  prefix         = var.prefix
  raw_bucket     = module.storage.raw_bucket
  raw_key        = module.keys.raw_key
  pipeline_email = module.identities.pipeline_email
}

module "network" {
  source  = "./modules/network"
  project = var.project
  region  = var.region
  prefix  = var.prefix
}

module "jobs" {
  source           = "./modules/jobs"
  project          = var.project
  region           = var.region
  prefix           = var.prefix
  image            = var.image
  templates        = var.templates
  policy           = var.policy
  schedule         = var.schedule
  streaming        = var.streaming
  lateness_hours   = var.lateness_hours
  raw_bucket       = module.storage.raw_bucket
  staging_bucket   = module.storage.staging_bucket
  published_bucket = module.storage.published_bucket
  subscription     = module.messages.subscription
  key_secret       = module.keys.period_key_secret
  raw_key          = module.keys.raw_key
  pipeline_email   = module.identities.pipeline_email
  scheduler_email  = module.identities.scheduler_email
  subnetwork       = module.network.subnetwork
}

module "alerts" {
  source      = "./modules/alerts"
  project     = var.project
  prefix      = var.prefix
  alert_email = var.alert_email
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
