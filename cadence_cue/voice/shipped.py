"""Where the shipped sounds are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def sounds_folder() -> Path:
    """The folder of shipped sounds: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "sounds"
    return installed if installed.is_dir() else _PACKAGE.parent / "sounds"


def voices_folder() -> Path:
    """The folder of shipped voices, one folder each."""
    return sounds_folder() / "voice"
