"""Runs the product's `export` command, as it is or from a changed copy of the package."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from unittest.mock import patch

from click import Group
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
VOICE = ROOT / "sounds" / "voice" / "af_heart"
NAME = "cadence_cue"


def export(session: Path, target: Path, *options: str, package: Path = ROOT) -> Path:
    """Export a session file with own cadence 173 and seed 1; returns the target.

    `package` is the folder that holds cadence_cue. Raises AssertionError with the program's
    words where it fails.
    """
    fixed = ["--cadence", "173", "--seed", "1", "--no-safety-line", "--force"]
    with program(package) as main:
        done = CliRunner().invoke(
            main, ["export", str(session), "-o", str(target), *fixed, *options]
        )
    assert done.exit_code == 0, f"{done.output} {done.exception!r}"
    return target


@contextmanager
def program(package: Path = ROOT) -> Iterator[Group]:
    """The program of a package, with no settings of anybody's."""
    with nullcontext() if package == ROOT else fresh(package), TemporaryDirectory() as home:
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), home)
        with patch.dict(os.environ, homes):
            yield importlib.import_module(f"{NAME}.cli.main").main


@contextmanager
def fresh(package: Path) -> Iterator[None]:
    """Import cadence_cue anew from this folder; afterwards everybody has the one from before."""
    before = _ours()
    for name in before:
        del sys.modules[name]
    with patch.object(sys, "path", [str(package), *sys.path]):
        try:
            # A mutant must never be taken for the original, nor the other way round.
            with patch.object(sys, "dont_write_bytecode", new=True):
                importlib.invalidate_caches()
                yield
        finally:
            for name in _ours():
                del sys.modules[name]
            sys.modules.update(before)


def _ours() -> dict[str, ModuleType]:
    return {k: v for k, v in sys.modules.items() if k == NAME or k.startswith(f"{NAME}.")}
