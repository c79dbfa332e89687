"""Runs the product's `export` as a program, from the checkout or from a changed copy of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VOICE = ROOT / "sounds" / "voice" / "af_heart"


def export(session: Path, target: Path, *options: str, package: Path = ROOT) -> Path:
    """Export a session file with own cadence 173 and seed 1; returns the target.

    `package` is the folder that holds cadence_cue. Raises AssertionError with the program's
    words where it fails.
    """
    home = target.parent / "home"
    home.mkdir(exist_ok=True)
    settings = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    program = [sys.executable, "-m", "cadence_cue", "export", str(session), "-o", str(target)]
    fixed = ["--cadence", "173", "--seed", "1", "--no-safety-line", "--force"]
    done = subprocess.run(
        [*program, *fixed, *options],
        cwd=target.parent,
        env={**os.environ, **settings, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target
