#!/bin/sh
# Find a Python that can run Xinheng (3.12 or newer, with venv, ssl and sqlite3) and let it do the set-up.
# The version in .python-version is preferred; PYTHON=/path/to/python overrides the search.
set -eu
cd "$(dirname "$0")/.."

wanted=$(tr -d '[:space:]' <.python-version 2>/dev/null || echo 3.13)
pyenv=${PYENV_ROOT:-${HOME:-}/.pyenv}/versions

suits() { # a pyenv shim exists for versions that are not selected, so only running it tells
    "$1" -c 'import sys, venv, ssl, sqlite3, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

newest_of() { # newest patch release among pyenv's directories that match
    ls -d $1 2>/dev/null | sort -t. -k1,1 -k2,2n -k3,3n | tail -n 1
}

find_python() {
    for candidate in "${PYTHON:-}" "$(newest_of "$pyenv/$wanted*")/bin/python" "python$wanted" \
        python3.14 python3.13 python3.12 "$(newest_of "$pyenv/3.14*")/bin/python" \
        "$(newest_of "$pyenv/3.13*")/bin/python" "$(newest_of "$pyenv/3.12*")/bin/python" python3 python; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && suits "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    cat >&2 <<'MESSAGE'
Xinheng needs Python 3.12 or newer (3.13 is what it is built with), with venv, ssl and sqlite3; none was found.
  pyenv:         pyenv install 3.13
  Debian 13 / Ubuntu 24.04 and newer:  apt-get install python3 python3-venv
  or name one:   make setup PYTHON=/path/to/python3.13
信衡需要 Python 3.12 或更高版本（推荐 3.13），并带有 venv、ssl 和 sqlite3 模块；本机没有找到。
  用 pyenv：     pyenv install 3.13
  Debian 13 / Ubuntu 24.04 及以上：  apt-get install python3 python3-venv
  或直接指定：   make setup PYTHON=/path/to/python3.13
MESSAGE
    exit 1
fi
exec "$python" scripts/setup.py "$@"
