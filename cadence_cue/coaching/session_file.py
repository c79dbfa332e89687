"""Reads and checks a session, from a file or from the same data made in code.

The one place that makes a Session; phases are read by `phases`, single values by `values`.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from cadence_cue.coaching import text_tables, values
from cadence_cue.coaching.lines import Lines, find_lines
from cadence_cue.coaching.model import Announced, Library, Phase, Repeat, Session
from cadence_cue.coaching.phases import PHASE_KEYS, read_phase
from cadence_cue.coaching.rules import MOST_PHASES, check
from cadence_cue.coaching.table import Table, mistake
from cadence_cue.coaching.toml_text import decoded, mistyped, not_utf_8
from cadence_cue.errors import UserError, printable

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

_LARGEST_FILE = 1 << 20
_LONGEST_GET_READY = 60
_MOST_SEED = (1 << 63) - 1
# A key of very many parts costs Python's TOML reader minutes and gigabytes; ours have at most two.
LONG_KEY = re.compile(
    r"""(?:^|[\[{,])[ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){8}""",
    flags=re.MULTILINE,
)


def load(path: Path, library: Library) -> Session:
    """Load the session of a file, named after it. Raises UserError for the first mistake in it."""
    text = _text(path)
    data = _toml(text, path)
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
        if "repeat" in part.values:
            raise part.error("a repeat cannot stand in a repeat", "repeat")
        part.check_keys(PHASE_KEYS, SESSION_KEYS, "above the first [[phase]]")
        parts.append(read_phase(part, library))
    return Repeat(times, tuple(parts))


def _text(path: Path) -> str:
    """Return the text of a regular file of at most 1 MiB; opening anything else might hang."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError("is not a file that can be read", where=path)
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UserError("there is no such file", where=path) from None
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", where=path) from None
    except ValueError:  # the name contains a NUL
        raise UserError("is not the name of a file", where=path) from None
    if len(raw) > _LARGEST_FILE:
        raise UserError("is larger than 1 MiB; a session is a short text", where=path)
    try:
        return decoded(raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise mistake(path, "", line, not_utf_8(raw)) from None


def _toml(text: str, file: Path) -> dict[str, object]:
    """Return the data of a TOML text; errors name the line."""
    if long := LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise mistake(file, "", line, "a key has too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UserError("is nested too deeply", where=file) from None
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", reason)
        line = 0 if at is None else int(at[1] or text.count("\n") + 1)
        what = reason[: at.start()] if at else reason
        what = mistyped(text, line, what) or f"is not valid TOML: {printable(what[:100])}"
        raise mistake(file, "", line, what) from None
    except ValueError:  # Python's limit on digits, the only other cause
        raise UserError("a number has too many digits", where=file) from None
