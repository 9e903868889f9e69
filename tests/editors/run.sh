#!/usr/bin/env bash
# Runs an editor on a copy of docs/example whose finding stands behind characters of several units.
# Usage: run.sh neovim|emacs BINARY
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$here/../../docs/example" "$scratch/project"
sed -i 's/return book.title, /return "ä😀", book.title, /' "$scratch/project/shop/views.py"

# Nothing of the user's: neither settings nor caches.
export HOME=$scratch XDG_CONFIG_HOME=$scratch XDG_DATA_HOME=$scratch XDG_CACHE_HOME=$scratch
export QUERYLINT=$2 PROJECT=$scratch/project
case $1 in
  neovim) timeout 60 nvim --headless -u NONE -n -c "luafile $here/neovim.lua" ;;
  emacs) timeout 60 emacs --batch -l "$here/emacs.el" ;;
esac
