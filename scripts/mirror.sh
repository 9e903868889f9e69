# The repository by which pre-commit gets the published wheel: hooks beside a package that is empty but
# for its requirement. Use: source it after setting `root` to the repository's folder.

querylint_version() {
  sed --quiet 's/^project(querylint VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt"
}

# Writes the files of this version into a folder; commit and tag them there.
write_mirror() {
  local folder=$1 version
  version=$(querylint_version)
  mkdir -p "$folder"
  cp "$root/.pre-commit-hooks.yaml" "$folder/"
  cat >"$folder/pyproject.toml" <<END
[build-system]
requires = ["setuptools==84.2.1"]
build-backend = "setuptools.build_meta"

[project]
name = "querylint-pre-commit"
version = "$version"
dependencies = ["querylint==$version"]

[tool.setuptools]
py-modules = []
END
}
