"""The whole log, practices, scores and reviews: as a file for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.kept_reviews import kept_reviews
from cadence_cue.errors import UserError, shown
from cadence_cue.export.target import new_file

ENDINGS = (".csv", ".json")

_COLUMNS = (
    "date", "kind", "session", "title", "share", "seconds", "cadence", "mark", "drills",
    "beats", "matched", "tempo_error_percent", "sd_ms", "label", "alone_error_percent", "apart",
    "moving_s", "mean_spm", "median_spm", "bias_percent", "within_2_percent", "within_3_percent",
    "within_5_percent", "alone_spm", "own_spm",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, folder: Path, *, force: bool) -> int:
    """Write the log of a runner's folder to a new file; return how many entries it has.

    With `force` it may replace a file. Raises OSError, and UserError for an ending that is none of
    ENDINGS, or a file that cannot be created.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UserError(f"the log is written as {' or '.join(ENDINGS)}, not {shown(path.name)}")
    entries = list(_entries(folder))
    with new_file(path, force=force) as part:
        text = _json(entries) if ending == ".json" else _csv(entries)
        part.write_text(text, "utf-8", "backslashreplace", newline="")  # names may hold any bytes
    return len(entries)


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield all entries, those of a kind in the order of time."""
    for entry in history.entries(folder):
        data = asdict(entry)
        data.pop("performed", None)  # only this program can perform it again
        kind = "practised" if isinstance(entry, Practice) else "scored"
        yield {"date": data.pop("date"), "kind": kind, **data}
    for review in kept_reviews(folder):
        yield {"date": str(review.get("date")), "kind": "reviewed", **review}


def _json(entries: Sequence[dict[str, Any]]) -> str:
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def _csv(entries: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", restval="")
    table.writeheader()
    for entry in entries:
        for row in _rows(entry):
            table.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue()


def _rows(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of an entry: one, or of a score one for each drill or run."""
    results = entry.get("results")
    yield from ({**entry, **result} for result in results) if results else (entry,)


def _cell(value: object) -> object:
    """Return what a table shows of a value; no text in it is taken for a formula."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
