#!/bin/sh
# Locks every requirement by hash, for every platform and every Python from 3.11 on.
# Hashes, not addresses: whoever installs decides which package index to ask.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
compile() {
  out=$1; shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-annotate --upgrade --output-file "requirements/$out.txt" "$@"
}
compile run pyproject.toml
compile dev pyproject.toml --group dev --constraint requirements/run.txt
compile spark pyproject.toml --group dev --group spark --constraint requirements/dev.txt
compile peers pyproject.toml --group peers --constraint requirements/run.txt
printf 'hatchling\neditables\n' | compile build - --constraint requirements/dev.txt
printf 'uv==0.13.9\n' | compile uv -
