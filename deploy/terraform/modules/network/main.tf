# Workers have no address of their own on the internet, and reach Google's services alone.

resource "google_compute_network" "workers" {
  name                    = "${var.prefix}-workers"
  project                 = var.project
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "workers" {
  #checkov:skip=CKV_GCP_76: the network has no IPv6
  name                     = "${var.prefix}-workers"
  project                  = var.project
  region                   = var.region
  network                  = google_compute_network.workers.id
  ip_cidr_range            = "10.90.0.0/24"
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# Dataflow's workers shuffle data among themselves on these ports.
resource "google_compute_firewall" "among_workers" {
  name      = "${var.prefix}-among-workers"
  project   = var.project
  network   = google_compute_network.workers.id
  direction = "INGRESS"

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }

  source_tags = ["dataflow"]
  target_tags = ["dataflow"]
}

resource "google_compute_firewall" "to_google" {
  name      = "${var.prefix}-to-google"
  project   = var.project
  network   = google_compute_network.workers.id
  direction = "EGRESS"
  priority  = 1000

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }

  destination_ranges = ["199.36.153.8/30"] # private.googleapis.com
}

resource "google_compute_firewall" "to_workers" {
  name      = "${var.prefix}-to-workers"
  project   = var.project
  network   = google_compute_network.workers.id
  direction = "EGRESS"
  priority  = 1000

  allow {
    protocol = "tcp"
    ports    = ["12345-12346"]
  }

  destination_ranges = [google_compute_subnetwork.workers.ip_cidr_range]
}

resource "google_compute_firewall" "nowhere_else" {
  name      = "${var.prefix}-nowhere-else"
  project   = var.project
  network   = google_compute_network.workers.id
  direction = "EGRESS"
  priority  = 65000

  deny {
    protocol = "all"
  }

  destination_ranges = ["0.0.0.0/0"]
}

# Names of Google's services, and of where images are pulled from, lead to the private addresses.

locals {
  private_names = {
    google   = "googleapis.com."
    images   = "pkg.dev."
    dataflow = "gcr.io."
  }
}

resource "google_dns_managed_zone" "private" {
  #checkov:skip=CKV_GCP_16: a private zone is not signed
  for_each   = local.private_names
  name       = "${var.prefix}-${each.key}"
  project    = var.project
  dns_name   = each.value
  visibility = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.workers.id
    }
  }
}

resource "google_dns_record_set" "apex" {
  for_each     = local.private_names
  project      = var.project
  managed_zone = google_dns_managed_zone.private[each.key].name
  name         = each.value
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
}

resource "google_dns_record_set" "below" {
  for_each     = local.private_names
  project      = var.project
  managed_zone = google_dns_managed_zone.private[each.key].name
  name         = "*.${each.value}"
  type         = "CNAME"
  ttl          = 300
  rrdatas      = [each.value]
}
