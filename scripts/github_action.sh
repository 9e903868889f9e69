#!/usr/bin/env bash
# The steps of action.yml: `install`, `sarif` and `check`. Inputs of the action come from the environment
# alone, as INPUT_..., so that nothing of them is ever read as code.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/mirror.sh"
venv="$RUNNER_TEMP/querylint-venv"

# Without `--only-binary` pip would compile for minutes where there is no wheel.
install() {
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary querylint \
    "querylint==${INPUT_VERSION:-$(querylint_version)}"
  "$venv/bin/querylint" --version
}

# Words of a list with one on each line, as arguments of the run.
add_lines() {
  local word
  while IFS= read -r word || [[ -n $word ]]; do
    [[ -z $word ]] || arguments+=("$word")
  done <<<"$1"
}

# Runs a check with these options, those of the inputs and the paths.
run() {
  local arguments=("$@")
  [[ -z ${INPUT_BASELINE:-} ]] || arguments+=("--baseline=$INPUT_BASELINE")
  add_lines "${INPUT_OPTIONS:-}"
  arguments+=(--)
  add_lines "${INPUT_PATHS:-.}"
  cd "${INPUT_WORKING_DIRECTORY:-.}"
  "$venv/bin/querylint" check "${arguments[@]}"
}

# Code scanning compares with the base of a pull request itself, so that the log holds everything.
sarif() {
  local file="$RUNNER_TEMP/querylint.sarif"
  (run --output-format=sarif "--output-file=$file" --exit-zero)
  echo "file=$file" >>"$GITHUB_OUTPUT"
}

check() {
  local options=(--output-format=github)
  [[ -z ${INPUT_DIFF:-} ]] || options+=("--diff=$INPUT_DIFF")
  run "${options[@]}"
}

case ${1:-} in
  install | sarif | check) "$1" ;;
  *) echo "usage: $0 install|sarif|check" >&2 && exit 2 ;;
esac
