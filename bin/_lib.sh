# Shared by bin/serve, bin/test and bin/bench: the virtual environment, the catalogues, Debian's packages.
# Sourced, never run. Works with bash 3.2 (macOS) and later.
set -euo pipefail

# The physical path: a virtual environment carries absolute paths, so the checkout has to have one name however it
# was reached. Paths with spaces are expected everywhere.
checkout_root() {
  local file="${BASH_SOURCE[0]}" target
  while [ -L "$file" ]; do
    target="$(readlink "$file")"
    case "$target" in /*) file="$target" ;; *) file="$(dirname "$file")/$target" ;; esac
  done
  (cd "$(dirname "$file")/.." && pwd -P)
}

ROOT="$(checkout_root)"
VENV="$ROOT/.venv"
PY="$VENV/bin/python"
cd "$ROOT"
# No half-written byte code in a read-only checkout, no surprise from the caller's own Python settings.
unset PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$*" >&2; }
fail() { say "clavardage: $*"; exit 1; }

on_debian_as_root() { [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# A package counts as there when dpkg knows it or when what it brings was put there some other way.
has_package() {
  case "$1" in
    postgresql) command -v pg_ctl >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null ;;
    fonts-*) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed' ;;
    python3-venv) return 1 ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# apt_need <package>…: installs what is missing on Debian as root, elsewhere says what is missing and goes on.
# Never fatal: the tests count what they had to leave out, and fail for it under REQUIRE_ALL=1.
apt_need() {
  local package missing=()
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if ! on_debian_as_root; then
    # Elsewhere fonts have other names, and a test that lacks a program says so itself.
    for package in "${missing[@]}"; do
      case "$package" in fonts-*) ;; *) say "Missing here: $package (Debian's name). Its tests are skipped." ;; esac
    done
    return 0
  fi
  say "Installing ${missing[*]} ..."
  if ! { [ -n "${APT_UPDATED:-}" ] || apt-get update -qq; } >&2 ||
    ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2; then
    say "apt-get could not install ${missing[*]}; going on without."
  fi
  APT_UPDATED=1
}

# The first Python that is new enough; CLAVARDAGE_PYTHON names another one.
find_python() {
  local name
  for name in "${CLAVARDAGE_PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail "no Python 3.11 or newer found. Install one, or name it: CLAVARDAGE_PYTHON=/path/to/python3 $0"
}

# need_env <requirements file>: a virtual environment in the checkout that has exactly these requirements.
# The stamp holds the requirements themselves and the checkout's path: a copied or moved checkout makes a new one.
need_env() {
  local wanted stamp="$VENV/stamp-$1"
  wanted="$(printf '%s\n' "$ROOT" && cat requirements.txt "$1")"
  if [ -x "$PY" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    return 0
  fi
  make_env "$1" "$wanted"
}

# Two commands started at once on a fresh checkout must not install into each other; flock is Linux's, elsewhere the
# second one is simply on its own.
make_env() {
  if command -v flock >/dev/null; then
    exec 9>"$ROOT/.venv.lock"
    flock 9
  fi
  local python
  if [ -e "$VENV" ] && ! { [ -x "$PY" ] && moved_not; }; then
    say "The virtual environment belongs to another place or Python; making it again."
    rm -rf "$VENV"
  fi
  if [ ! -x "$PY" ]; then
    python="$(find_python)"
    say "Making a virtual environment with $python ..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_need python3-venv
    "$python" -m venv "$VENV" ||
      { rm -rf "$VENV"; fail "$python cannot make a virtual environment (Debian: install python3-venv)."; }
  fi
  say "Installing $1 (once) ..."
  "$PY" -m pip install --quiet --disable-pip-version-check --require-virtualenv -r "$1" ||
    fail "the requirements could not be installed; is the package index reachable?"
  printf '%s\n' "$2" >"$VENV/stamp-$1"
  exec 9>&-
}

# Whether the environment's own scripts still point into this checkout.
moved_not() {
  "$PY" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && grep -qF "$VENV" "$VENV/bin/pip"
}

# Catalogues are compiled when one of them is older than its source; .mo files are not in the repository.
compile_catalogues() {
  local source stale=
  for source in translations/*/LC_MESSAGES/*.po; do
    [ -e "$source" ] || return 0
    if [ ! -e "${source%.po}.mo" ] || [ "$source" -nt "${source%.po}.mo" ]; then stale=1; fi
  done
  [ -z "$stale" ] || "$PY" -c 'import sys; from babel.messages.frontend import main; sys.exit(main())' \
    --quiet compile -d translations || fail "a catalogue in translations/ could not be compiled."
}
