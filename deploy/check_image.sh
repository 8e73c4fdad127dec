#!/usr/bin/env bash
# Take the image's steps without a container engine: the wheel from the source, the lock into an empty
# environment, the guard, and the demo as nobody, in an empty folder, without a network.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

mkdir "$work/src" "$work/empty"
(cd "$root" && git archive HEAD requirements.lock pyproject.toml README.md LICENSE schemas transforms pipelines deploy/guard.py) | tar -x -C "$work/src"
"$python" -m venv --copies "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
  --no-binary google-apitools,crcmod -r "$work/src/requirements.lock"
"$work/env/bin/pip" install --quiet --disable-pip-version-check 'setuptools>=80' wheel
"$work/env/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$work/wheels" "$work/src"
"$work/env/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-index "$work"/wheels/crashveil-*.whl
"$work/env/bin/python" -I "$work/src/deploy/guard.py"

chmod 777 "$work/empty"
isolated=(unshare --map-root-user --net)
as_nobody=()
if [ "$(id -u)" = 0 ]; then
  isolated=(unshare --net)
  as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
cd "$work/empty"
"${isolated[@]}" "${as_nobody[@]}" env -i PATH="$work/env/bin:/usr/bin:/bin" HOME="$work/empty" TMPDIR="$work/empty" \
  crashveil demo --directory demo
"${isolated[@]}" "${as_nobody[@]}" env -i PATH="$work/env/bin:/usr/bin:/bin" HOME="$work/empty" TMPDIR="$work/empty" \
  crashveil verify demo/published --canaries demo/canaries.jsonl
echo "the image's steps pass"
