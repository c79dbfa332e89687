"""The folders of the shipped sounds, in an installed package and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def sounds_folder() -> Path:
    """Return the folder of shipped sounds: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "sounds"
    return installed if installed.is_dir() else _PACKAGE.parent / "sounds"


def voices_folder() -> Path:
    """Return the folder of shipped voices, which has a folder for each."""
    return sounds_folder() / "voice"
