"""Reads and checks a session, from a file or from the same data made in code.

The one place that makes a Session; phases are read by `phases`, single values by `values`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path

from cadence_cue.coaching import text_tables, values
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.lines import Lines, find_lines
from cadence_cue.coaching.phases import PHASE_KEYS, read_phase
from cadence_cue.coaching.rules import MOST_PHASES, check
from cadence_cue.coaching.session import Announced, Phase, Repeat, Session
from cadence_cue.coaching.table import PlacedError, Table
from cadence_cue.coaching.toml_text import data_in, text_in
from cadence_cue.errors import UserError

LEVELS = ("first", "easy", "moderate", "race")
PLACES = ("home", "wall", "track", "road", "treadmill")
SESSION_KEYS = (
    "title",
    "summary",
    "level",
    "place",
    "needs",
    "announce",
    "countdown",
    "count_in_voice",
    "explain",
    "get_ready",
    "seed",
    "goodbye",
    "music",
    "phase",
)
REPEAT_KEYS = ("repeat", "part")
MUSIC_KEYS = ("music", "bed")
"""The key of the music, and its former name."""

_LONGEST_GET_READY = 60
_MOST_SEED = (1 << 63) - 1


def load(path: Path, library: Library) -> Session:
    """Load the session of a file, named after it. Raises UserError for the first mistake in it."""
    text = text_in(path, str(path))
    data = data_in(text, str(path))
    return parse(data, name=path.stem, library=library, source=path, lines=find_lines(text))


def parse(
    data: Mapping[str, object],
    *,
    name: str,
    library: Library,
    source: Path | None = None,
    lines: Lines | None = None,
    rehearsal: bool = False,
) -> Session:
    """Return the session of a file's data, or of the same data made in code.

    `lines` are those of the file, for error messages. A rehearsal may start with any drill. Raises
    UserError for the first mistake.
    """
    table = Table(data, str(source or name), lines or {})
    music_key = _music_key(table)
    known = dict.fromkeys((*SESSION_KEYS, music_key))
    table.check_keys(known, PHASE_KEYS + REPEAT_KEYS, "in a [[phase]]")
    session = Session(
        name=name,
        title=table.require("title", values.text, '"Easy run"'),
        summary=table.read("summary", values.label, ""),
        level=table.read("level", values.one_of(LEVELS), "easy"),
        place=table.read("place", values.list_of(values.one_of(PLACES)), ()),
        needs=table.read("needs", values.label, ""),
        announce=table.read("announce", values.announced, frozenset(Announced)),
        countdown=table.read("countdown", values.countdown, None),
        count_in_voice=table.read("count_in_voice", values.yes_no, default=False),
        explain=table.read("explain", values.one_of(("always", "never")), None),
        get_ready=table.read("get_ready", _get_ready, None),
        seed=table.read("seed", values.whole(0, _MOST_SEED), None),
        goodbye=table.read("goodbye", values.text, ""),
        music=table.read(music_key, text_tables.music, None),
        phases=tuple(
            _item(table.inner(item, str(number), "[[phase]]"), library)
            for number, item in enumerate(_tables(table, "phase", "[[phase]]"), 1)
        ),
        source=source,
        data=data,
    )
    check(session, library, rehearsal=rehearsal)
    return session


def mistakes(
    data: Mapping[str, object], *, name: str, library: Library, lines: Lines
) -> dict[str, UserError]:
    """Return the first mistake of each phase, by its number, and of the session itself, under "".

    Those of the rules for whole sessions are looked for where there are no others.
    """
    try:
        parse(data, name=name, library=library, lines=lines)
    except UserError as error:
        first = error
    else:
        return {}
    table = Table(data, name, lines)
    readers: list[Callable[[], object]] = []
    for item in _numbered(table, "phase", "[[phase]]"):
        if "repeat" in item.values:
            parts = _numbered(item, "part", "[[phase.part]]")
            readers += [partial(_part, part, library) for part in parts]
        readers.append(partial(_item, item, library))
    errors: list[UserError] = []
    for read in readers:
        try:
            read()
        except UserError as error:
            errors.append(error)
    found: dict[str, UserError] = {}
    for each in (*errors, first):
        found.setdefault(each.number if isinstance(each, PlacedError) else "", each)
    return found


def _numbered(table: Table, key: str, header: str) -> list[Table]:
    """Return the phases of a session or the parts of a repeat that are tables."""
    items = table.values.get(key, [])
    prefix = f"{table.number}." if table.number else ""
    return [
        table.inner(item, f"{prefix}{number}", header)
        for number, item in enumerate(items if isinstance(items, list) else [], 1)
        if isinstance(item, dict)
    ]


def _music_key(table: Table) -> str:
    """Return the key that a session uses for its music."""
    used = [key for key in MUSIC_KEYS if key in table.values]
    if len(used) > 1:
        raise table.error("has both [music] and [bed], its former name; keep [music]", "bed")
    return used[0] if used else "music"


def _get_ready(value: object) -> Fraction:
    return values.seconds(value, most=_LONGEST_GET_READY)


def _tables(table: Table, key: str, header: str) -> list[object]:
    found = table.values.get(key, [])
    if not isinstance(found, list):
        raise table.error(f'"{key}" must be written as {header}', key)
    if not found:
        raise table.error(f"there must be at least one {header}")
    return found


def _item(table: Table, library: Library) -> Phase | Repeat:
    if "repeat" not in table.values:
        table.check_keys(PHASE_KEYS + REPEAT_KEYS, SESSION_KEYS, "above the first [[phase]]")
        if "part" in table.values:
            raise table.error('[[phase.part]] needs "repeat" in the [[phase]] above it')
        return read_phase(table, library)
    table.check_keys(REPEAT_KEYS, PHASE_KEYS, "in a [[phase.part]] of this repeat")
    times = table.require("repeat", values.whole(1, MOST_PHASES), "4")
    parts = []
    for number, item in enumerate(_tables(table, "part", "[[phase.part]]"), 1):
        part = table.inner(item, f"{table.number}.{number}", "[[phase.part]]")
        parts.append(_part(part, library))
    return Repeat(times, tuple(parts))


def _part(table: Table, library: Library) -> Phase:
    if "repeat" in table.values:
        raise table.error("a repeat cannot stand in a repeat", "repeat")
    table.check_keys(PHASE_KEYS, SESSION_KEYS, "above the first [[phase]]")
    return read_phase(table, library)
