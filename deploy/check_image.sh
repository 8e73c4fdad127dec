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
(cd "$root" && git archive HEAD requirements-build.lock requirements-dp.lock pyproject.toml README.md LICENSE schemas transforms pipelines deploy/guard.py) |
  tar -x -C "$work/src"
"$python" -m venv --copies "$work/env"
pip=("$work/env/bin/pip" --quiet --disable-pip-version-check)
"${pip[@]}" install --no-deps --require-hashes --only-binary :all: -r "$work/src/requirements-build.lock"
"${pip[@]}" install --no-deps --no-build-isolation --require-hashes --only-binary :all: --no-binary google-apitools,crcmod \
  -r "$work/src/requirements-dp.lock"
"${pip[@]}" wheel --no-deps --no-build-isolation --wheel-dir "$work/wheels" "$work/src"
"${pip[@]}" install --no-deps --no-index "$work"/wheels/crashveil-*.whl
"${pip[@]}" check
"$work/env/bin/python" -I "$work/src/deploy/guard.py"
printf 'one\nzw\303\266lf\n' | "$work/env/bin/crashveil" scrub --plain
ls "$work"/env/lib/python*/site-packages/transforms/scrub/__pycache__/*.hs

chmod 777 "$work/empty"
isolated=(unshare --map-root-user --net)
as_nobody=()
if [ "$(id -u)" = 0 ]; then
  isolated=(unshare --net)
  as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
as_in_the_image() {
  "${isolated[@]}" "${as_nobody[@]}" env -i PATH="$work/env/bin:/usr/bin:/bin" HOME="$work/empty" TMPDIR="$work/empty" "$@"
}
cd "$work/empty"
as_in_the_image crashveil demo --directory demo
as_in_the_image crashveil verify demo/published --canaries demo/canaries.jsonl
as_in_the_image crashveil simulate --reports 300 --output few/raw
as_in_the_image crashveil run few/raw --output noisy --policy dp
echo "the image's steps pass"
