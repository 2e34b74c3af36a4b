#!/bin/sh
# Start the server; everything after ./run.sh is passed on, as in ./run.sh --voice bf_emma.
# The first start makes .venv and installs the runtime into it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${WYOMING_KOKORO_VENV:-$here/.venv}
stamp=$venv/.runtime

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

if [ ! -x "$venv/bin/python" ]; then
    for python in python3.12 python3.11 python3; do
        if fits "$python"; then break; fi
        python=
    done
    if [ -z "$python" ]; then
        echo "run.sh: Python 3.11 or 3.12 is needed, with venv (Debian: apt install python3-venv)" >&2
        exit 2
    fi
    echo "run.sh: making $venv" >&2
    "$python" -m venv "$venv"
fi
if [ ! -e "$stamp" ] || [ "$here/pyproject.toml" -nt "$stamp" ]; then
    echo "run.sh: installing the runtime, which takes a minute the first time" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$here" >&2
    touch "$stamp"
fi
exec "$venv/bin/wyoming-kokoro" "$@"
