"""Makes the checkout's .venv and installs the package into it, editable.

Separate from set_up.sh, which only checks whether this is needed. Of several starts at once, one
works here while the others wait. An existing .venv is replaced, so that an interrupted set-up, a
moved checkout and a removed dependency all end well.

    python3 scripts/set_up.py run|voice|dev STAMP

STAMP is what set_up.sh compares: the checkout's path and the checksum of pyproject.toml.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VOICE_SIZE = "96 MB"
NO_VENV = (
    "This Python cannot make virtual environments: install its venv module"
    " (Debian, Ubuntu: apt install python3-venv), or uv."
)
NOT_INSTALLED = (
    "cadence-cue could not install what it needs; the lines above say why."
    " It needs the network this once: start it again when there is one."
)


def main(kind: str, stamp: str) -> None:
    """Set up for `kind`, unless another start just did, keeping the extras of an earlier set-up.

    `voice` is `run` with the speech model; `dev` includes both.
    """
    wait_for_others()
    if PYTHON.exists() and read(kind) == stamp:
        return
    extras = [extra for extra in ("dev", "voice") if extra == kind or read(extra)]
    load = f", with a speech model of {VOICE_SIZE}" if extras else ""
    say(f"Setting up cadence-cue{load}. This happens once and can take some minutes ...")
    if VENV.exists():
        shutil.rmtree(VENV)
    package = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    if not (with_uv(package) or with_pip(package)):
        sys.exit(NOT_INSTALLED)
    for each in ["run", *extras, *(["voice"] if "dev" in extras else [])]:
        stamp_file(each).write_bytes(os.fsencode(f"{stamp}\n"))


def wait_for_others() -> None:
    """Take a lock that is held until this process ends, waiting for other set-ups."""
    checkout = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another start is setting up cadence-cue: waiting for it ...")
        fcntl.flock(checkout, fcntl.LOCK_EX)


def with_uv(package: str) -> bool:
    """Install with uv; False if it is missing or fails (it does not read pip's settings)."""
    uv = shutil.which("uv")
    return (
        uv is not None
        and run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
        and run(uv, "pip", "install", *quietly(), "--python", PYTHON, "--editable", package)
    )


def quietly(quiet: str = "--quiet") -> list[str | Path]:
    """The option for an installer to be quiet, unless somebody watches what it downloads."""
    return [] if sys.stderr.isatty() else [quiet]


def with_pip(package: str) -> bool:
    """Install with venv and pip; exits if this Python has neither."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        sys.exit(NO_VENV)
    pip = [PYTHON, "-m", "pip", *quietly("-qq"), "--disable-pip-version-check", "--no-input"]
    return run(sys.executable, "-m", "venv", "--clear", VENV) and run(
        *pip, "install", "--editable", package
    )


def run(*command: str | Path) -> bool:
    """Run a command, printing to standard error; return whether it succeeded."""
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0


def stamp_file(kind: str) -> Path:
    """The file that set_up.sh reads; it exists once .venv is complete for `kind`."""
    return VENV / f"ready-{kind}"


def read(kind: str) -> str:
    """The stamp of the existing .venv for `kind`, "" without one."""
    file = stamp_file(kind)
    return os.fsdecode(file.read_bytes()).rstrip("\n") if file.exists() else ""


def say(text: str) -> None:
    """Print to standard error; standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"cadence-cue could not set up {VENV}: {error.strerror}.")
