# Sourced by the other scripts, with $root: the checkout.
# shellcheck shell=sh disable=SC2154

# set_up run|voice|dev: installs what that needs into $root/.venv; quick if it is there already.
set_up() {
    want="$root $(cksum <"$root/pyproject.toml")"
    if [ -x "$root/.venv/bin/python" ] && [ -r "$root/.venv/ready-$1" ]; then
        IFS= read -r have <"$root/.venv/ready-$1"
        [ "$have" = "$want" ] && return
    fi
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$python" "$root/scripts/set_up.py" "$1" "$want"
            return
        fi
    done
    echo "cadence-cue needs Python 3.11 or newer, and found none: install it as python3." >&2
    return 1
}
