#!/usr/bin/env bash
# Packs the extension with a binary that runs on any Linux: package.sh BINARY VSIX.
# The version is the binary's. `./dev vsix` builds the one and names the other.
set -euo pipefail

binary=$(realpath "$1")
package=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")"
PATH=$PWD/node_modules/.bin:$PATH

tsc
mkdir -p bin
strip -o bin/querylint "$binary"
esbuild src/extension.ts --bundle --platform=node --target=node20 --format=cjs --external:vscode \
  --minify --log-level=warning --outfile=out/extension.cjs
version=$(bin/querylint --version)
vsce package "${version##* }" --no-update-package-json --target linux-x64 --no-dependencies \
  --skip-license --allow-missing-repository --no-rewrite-relative-links --out "$package"
