#!/bin/sh
# Make the virtual environment, once the Python is known to be new enough:
#   venv.sh check PYTHON        exits with 1 and one line where it is too old
#   venv.sh make PYTHON FOLDER
set -eu
needed=$(sed -n 's/^requires-python = ">=\(.*\)"$/\1/p' pyproject.toml)

fail() {
    echo "gruscope: $1" >&2
    exit 1
}

check() {
    command -v "$1" >/dev/null ||
        fail "needs Python $needed or later, found no '$1': name one, as in make PYTHON=/path/to/python$needed"
    found=$("$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])') ||
        fail "needs Python $needed or later, but '$1' does not run: name another, as in make PYTHON=/path/to/python$needed"
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$needed'.split('.'))))" ||
        fail "needs Python $needed or later, found $found as '$1': name another, as in make PYTHON=/path/to/python$needed"
}

# Debian ships ensurepip, which venv needs, in a package of its own.
add_ensurepip() {
    advice="install python3-venv (apt-get install python3-venv), or name another Python, as in make PYTHON=/path/to/python$needed"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "'$1' cannot make a virtual environment: $advice"
    fi
    apt-get update -qq && apt-get install -y -qq python3-venv || fail "python3-venv could not be installed: $advice"
}

check "$2"
[ "$1" = check ] && exit
"$2" -c 'import ensurepip' 2>/dev/null || add_ensurepip "$2"
"$2" -m venv "$3" || { rm -rf "$3"; fail "'$2' could not make a virtual environment in $3"; }
