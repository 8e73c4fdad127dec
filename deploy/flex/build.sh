#!/usr/bin/env bash
# Write both Flex Templates for an image: deploy/flex/build.sh IMAGE@sha256:... gs://BUCKET/FOLDER
set -euo pipefail
cd "$(dirname "$0")"
image=${1:?the image, with its digest}
folder=${2:?the folder for the templates, gs://BUCKET/FOLDER}
for template in batch stream; do
  gcloud dataflow flex-template build "$folder/$template.json" \
    --image "$image" --sdk-language PYTHON --metadata-file "$template.metadata.json"
done
