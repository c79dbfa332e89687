"""The page about a session in the library, as lines of text; needs no screen."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from textual.content import Content

from cadence_cue.app.options import music_of
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.pages import HEALTH, clock
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind, Session
from cadence_cue.errors import printable
from cadence_cue.tui.theme import KINDS

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared

_HANG = " " * 8
_HEAD = 9  # columns of a phase's start and kind
_LENGTH = 7
_NARROWEST = 10  # columns of a phase's title


def page(prepared: Prepared, mastered: Collection[str], columns: int) -> list[Content]:
    """The whole page, wrapped to so many columns; `mastered` are the ids of mastered drills."""
    session, parts, library = prepared.session, prepared.performance.parts, prepared.library
    return [
        *_wrapped([*_facts(session, parts, library), *_advice(prepared, mastered)], columns),
        *_phases(parts, columns),
        *_wrapped([*_script(prepared), *_care(parts)], columns),
    ]


def unplanned(
    session: Session, parts: tuple[Part, ...], library: Library, columns: int
) -> list[Content]:
    """The page of a session before it is planned, wrapped to so many columns."""
    return [
        *_wrapped(_facts(session, parts, library), columns),
        *_phases(parts, columns),
    ]


def plain(line: str) -> Content:
    """A line without control characters that a terminal would obey."""
    return Content(printable(line))


def pieces(parts: tuple[Part, ...]) -> list[tuple[str, float]]:
    """Each phase's kind, and its start as a share of the whole."""
    whole = sum(part.seconds for part in parts)
    return [(part.kind, float(start / whole)) for start, part in _started(parts)]


def _started(parts: tuple[Part, ...]) -> Iterator[tuple[Fraction, Part]]:
    start = Fraction(0)
    for part in parts:
        yield start, part
        start += part.seconds


def _wrapped(lines: Iterable[str], columns: int) -> Iterator[Content]:
    """Wrap lines; a continuation is aligned with the text, not with the time before it."""
    for line in lines:
        hang = _HANG if line[6:8] == "  " or line[:1] == " " else ""
        yield from map(plain, textwrap.wrap(line, columns, subsequent_indent=hang) or [""])


def _facts(session: Session, parts: tuple[Part, ...], library: Library) -> Iterator[str]:
    """Purpose, length, tempo, level, place, needs, music and drills."""
    yield session.summary
    yield ""
    total = clock(sum(part.seconds for part in parts))
    yield " · ".join(filter(None, (total, _tempos(parts))))
    if session.level:
        yield f"Level   {session.level}"
    if session.place:
        yield f"Where   {', '.join(session.place)}"
    if session.needs:
        yield f"Needs   {session.needs}"
    if music := music_of(session):
        yield f"Music   {printable(music.file)}"
    if drills := _drills(parts, library):
        yield f"Drills  {', '.join(drill.name for drill in drills)}"


def _drills(parts: tuple[Part, ...], library: Library) -> list[Drill]:
    return [library.drills[name] for name in dict.fromkeys(p.drill for p in parts if p.drill)]


def _advice(prepared: Prepared, mastered: Collection[str]) -> Iterator[str]:
    """The drills that others wait for, and what is doubtful."""
    library, advice = prepared.library, (each.text for each in prepared.performance.advice())
    for drill in _drills(prepared.performance.parts, library):
        if drill.after and drill.after in mastered:
            yield f"Before  {library.drills[drill.after].name} mastered: ✓"
    for drill in prepared.left_out:
        before = library.drills[drill.after or ""].name
        yield f"Before  ⚠ {drill.name} waits: the article wants {before} mastered first."
        yield "        Enter asks whether you have; if not, the session plays without it."
    for sentence in (*prepared.notes, *advice):
        yield f"Advice  ⚠ {sentence}"


def _phases(parts: tuple[Part, ...], columns: int) -> Iterator[Content]:
    """A table of the phases: start, kind, title, length and tempo; above it what the kinds mean."""
    titles = [part.title if part.kind is not Kind.EXPLAIN else "How it is done" for part in parts]
    tempos = [_tempo(part) for part in parts]
    room = columns - _HEAD - _LENGTH - max(map(len, (*tempos, "tempo"))) - 3
    width = max(min(room, max(map(len, titles))), _NARROWEST)
    yield Content("")
    yield from _legend(parts, columns)
    heading = f"{'start':>6}   {'phase':{width}}{'length':>{_LENGTH}}  tempo"
    yield Content.styled(heading.rstrip(), "dim")
    for (start, part), title, tempo in zip(_started(parts), titles, tempos, strict=True):
        look = KINDS[part.kind]
        first, *rest = textwrap.wrap(printable(title), width) or [""]
        row = f" {first:{width}}{clock(part.seconds):>{_LENGTH}}  {tempo}"
        yield Content.assemble(
            f"{clock(start):>6} ", (look.pattern, f"${look.colour}"), row.rstrip()
        )
        for line in rest:
            yield Content(f"{'':{_HEAD}}{line}")


def _legend(parts: tuple[Part, ...], columns: int) -> Iterator[Content]:
    """The colours and patterns of the bar, each with its word."""
    looks = dict.fromkeys(KINDS[part.kind] for part in parts)
    patterns = {look.pattern: look for look in reversed(looks)}  # a switch looks like a rest
    line = Content("PHASES")
    for look in reversed(patterns.values()):
        item = Content.assemble("  ", (look.pattern, f"${look.colour}"), f" {look.word}")
        if line.cell_length + item.cell_length > columns:
            yield line
            line = Content(" " * len("PHASES"))
        line = line + item
    yield line


def _script(prepared: Prepared) -> Iterator[str]:
    """Every spoken text with its time, and those that were left out."""
    from cadence_cue.app.left_out import what, why
    from cadence_cue.timing.timeline import Bus

    timeline = prepared.performance.timeline
    yield ""
    yield "WHAT WILL BE SAID"
    zero = timeline.marks[0].start
    for event in timeline:
        if event.bus is Bus.VOICE:
            seconds = (event.frame - zero) / timeline.rate
            yield f"{clock(seconds) if seconds >= 0 else 'ready':>6}  {event.sound}"
    if timeline.dropped:
        yield ""
        yield "LEFT OUT"
        for each in timeline.dropped:
            yield f"{_HANG}{what(each)} ({timeline.marks[each.phase].title}: {why(each)})"


def _care(parts: tuple[Part, ...]) -> Iterator[str]:
    yield ""
    yield "TAKE CARE"
    yield from HEALTH if any(part.moving for part in parts) else HEALTH[:1]


def _tempos(parts: tuple[Part, ...]) -> str:
    """The range of all tempos; "" without any."""
    found = [tempo for part in parts if part.tempo for tempo in part.tempo]
    if not found:
        return ""
    low, high = _short(min(found)), _short(max(found))
    return f"{low if low == high else f'{low} to {high}'} a minute"


def _tempo(part: Part) -> str:
    """The tempo of a phase: "165", "80–96", "172 left"; "" without any."""
    if not part.tempo:
        return ""
    first, last = map(_short, part.tempo)
    if part.clicked_foot is not Side.NONE:
        return f"{last} {part.clicked_foot.value}"
    return first if first == last else f"{first}–{last}"


def _short(tempo: Fraction) -> str:
    return f"{round(float(tempo), 1):g}"
