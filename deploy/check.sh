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

# checkov has hundreds of dependencies of its own, so it lives in an environment of its own.
if [ ! -x "$tools/checkov/bin/checkov" ]; then
  python3 -m venv "$tools/checkov" && "$tools/checkov/bin/pip" install --quiet --disable-pip-version-check checkov==3.2.500 || true
fi
if [ -x "$tools/checkov/bin/checkov" ]; then
  "$tools/checkov/bin/checkov" --quiet --compact --framework terraform dockerfile kubernetes --directory deploy --skip-download
else
  passed_over "checkov could not be installed"
fi

if have go; then
  [ -x "$tools/kubeconform" ] || GOBIN="$PWD/$tools" go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
fi
"$bin/python" - <<'PYTHON'
import pathlib, sys, yaml
for path in sorted(pathlib.Path("deploy").rglob("*.yaml")):
    for document in yaml.safe_load_all(path.read_text("utf-8")):
        if path.parent.name == "kubernetes" and not {"apiVersion", "kind", "metadata", "spec"} <= document.keys():
            sys.exit(f"{path}: is no manifest")
        if path.name == "compose.yaml" and "services" not in document:
            sys.exit(f"{path}: has no services")
print("yaml: parses")
PYTHON

if have hadolint; then
  hadolint deploy/Dockerfile && echo "hadolint: passes"
else
  passed_over "hadolint is not here"
fi

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
