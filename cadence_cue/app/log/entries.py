"""All entries of the log together: what was practised, what was scored and what was reviewed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from cadence_cue.app.log import history, kept_reviews
from cadence_cue.app.log.history import Practice, Scored

Entry = Practice | Scored | Mapping[str, Any]
"""A practice, a score, or the figures of a review as they are kept."""


def minute(entry: Entry) -> str:
    """Return the date and time of an entry for people: 2026-11-23 07:00."""
    return history.for_people(str(entry.get("date"))) if isinstance(entry, Mapping) else entry.day


def entries(folder: Path) -> list[Entry]:
    """Return every entry that can be read, oldest first. Raises OSError."""
    found = [*history.entries(folder), *kept_reviews.kept_reviews(folder)]
    return sorted(found, key=minute)


def delete(unwanted: Collection[Entry], folder: Path) -> None:
    """Delete entries. Raises OSError."""
    reviews = [each for each in unwanted if isinstance(each, Mapping)]
    others = [each for each in unwanted if not isinstance(each, Mapping)]
    if others:
        history.delete(others, folder)
    if reviews:
        kept_reviews.delete_reviews(reviews, folder)


def delete_all(folder: Path) -> None:
    """Delete the whole log, with what cannot be read. Raises OSError."""
    history.delete_all(folder)
    kept_reviews.delete_all_reviews(folder)
