"""The figures of reviews as they are kept: one line of JSON for each run, oldest first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from cadence_cue import storage

_RUNS_FOR_OWN = 3


def own_cadence(kept: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the runner's cadence without a click, the median of the last three runs that tell it.

    None if fewer do.
    """
    told = [each["own_spm"] for each in kept if isinstance(each.get("own_spm"), int | float)]
    return median(told[-_RUNS_FOR_OWN:]) if len(told) >= _RUNS_FOR_OWN else None


def kept_reviews(folder: Path) -> list[dict[str, Any]]:
    """Return the figures of all reviews that are kept, oldest first. Raises OSError."""
    try:
        lines = _file(folder).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            each = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(each, dict):
            found.append(each)
    return found


def write_reviews(kept: Iterable[Mapping[str, Any]], folder: Path) -> None:
    """Replace all that is kept; who does so holds the folder. Raises OSError."""
    storage.write(_file(folder), "".join(json.dumps(each) + "\n" for each in kept))


def delete_reviews(unwanted: Collection[Mapping[str, Any]], folder: Path) -> None:
    """Delete some of what is kept. Raises OSError."""
    with storage.locked(folder):
        write_reviews([each for each in kept_reviews(folder) if each not in unwanted], folder)


def delete_all_reviews(folder: Path) -> None:
    """Delete all that is kept. Raises OSError."""
    if folder.exists():
        with storage.locked(folder):
            _file(folder).unlink(missing_ok=True)


def _file(folder: Path) -> Path:
    return folder / "reviews.jsonl"
