"""Advice on what a session may contain but would better avoid.

Separate from `rules`, which refuses a session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind

_ROOM = 10  # seconds that suffice to announce a new drill and count it in
_MOST = Fraction(110, 100)  # of the own cadence: an upper bound, not a goal (Heiderscheit 2011)
_DRILLS = 15 * 60  # seconds of drills in one session


class Code(StrEnum):
    """The topic of a piece of advice; the value is the name by which a user allows it."""

    ROOM = "room"
    TEMPO = "tempo"
    FAST = "fast"
    SLOW = "slow"
    LONG = "long"
    TALK = "talk"
    DROPS = "drops"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that would trouble the runner, in one sentence."""

    code: Code
    text: str


def advice(parts: Sequence[Part], library: Library, cadence_spm: Fraction) -> Iterator[Advice]:
    """Yield advice for a runner whose own cadence is `cadence_spm` steps per minute."""
    whole = list(_whole(parts))
    yield from _without_room(whole)
    yield from _once(_tempos(whole, library, cadence_spm))
    yield from _once(_lengths(whole, library))


def _whole(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts as the file has them, with each glide joined to the part it leads to."""
    glide: Part | None = None
    for part in parts:
        if part.kind is Kind.GLIDE:
            glide = part
        elif glide:
            seconds = glide.seconds + part.seconds
            yield replace(part, seconds=seconds, announcement=glide.announcement)
            glide = None
        else:
            yield part


def _without_room(parts: Sequence[Part]) -> Iterator[Advice]:
    quiet = Fraction(0)
    drill = ""
    for before, part in zip((None, *parts), parts, strict=False):
        new = part.kind is Kind.DRILL and part.drill != drill and part.announcement.full
        if before and new and quiet < _ROOM:
            yield Advice(
                Code.ROOM,
                f"{_named(part)}: only {float(quiet):g} s without a beat "
                f"before this drill; give it {_ROOM} s of rest or walk, so that it can be "
                "announced and counted in",
            )
        if part.kind is Kind.DRILL:
            drill = part.drill
        quiet = Fraction(0) if part.tempo else quiet + part.seconds


def _tempos(parts: Iterable[Part], library: Library, cadence_spm: Fraction) -> Iterator[Advice]:
    for part in parts:
        if part.tempo is None:
            continue
        low, high = min(part.tempo), max(part.tempo)
        if part.kind is Kind.RUN and high > cadence_spm * _MOST:
            yield Advice(
                Code.FAST,
                f"{_named(part)}: {_short(high)} a minute is {_share(high, cadence_spm)} over the "
                f"own cadence of {_short(cadence_spm)}; small steps up, at most 10 %, are easier "
                "to keep",
            )
        if part.kind is Kind.RUN and low < cadence_spm:
            yield Advice(
                Code.SLOW,
                f"{_named(part)}: {_short(low)} a minute is below the own cadence of "
                f"{_short(cadence_spm)}; a slower click is hard to follow, so leave it out there",
            )
        drill = library.drills.get(part.drill)
        # A tempo that follows the own cadence is the runner's, not the drill's.
        if (
            drill
            and not part.follows_cadence
            and not drill.tempo.lowest <= low <= high <= drill.tempo.highest
        ):
            least, most = _short(drill.tempo.lowest), _short(drill.tempo.highest)
            wrong = low if low < drill.tempo.lowest else high
            yield Advice(
                Code.TEMPO,
                f"{_named(part)}: {_short(wrong)} a minute does not suit {drill.name}; "
                f"{least} to {most} does",
            )


def _lengths(parts: Sequence[Part], library: Library) -> Iterator[Advice]:
    for part in parts:
        drill = library.drills.get(part.drill) if part.kind is Kind.DRILL else None
        if drill and drill.dose.longest and part.seconds > drill.dose.longest:
            yield Advice(
                Code.LONG,
                f"{_named(part)}: a set of {drill.name} is best kept to "
                f"{_short(drill.dose.longest)} s; this one lasts {_short(part.seconds)} s",
            )
    total = sum((part.seconds for part in parts if part.kind is Kind.DRILL), Fraction(0))
    if total > _DRILLS:
        yield Advice(
            Code.LONG,
            f"{_short(total / 60)} minutes of drills; after {_DRILLS // 60} the legs learn little",
        )


def _once(found: Iterable[Advice]) -> Iterator[Advice]:
    """Yield each sentence only once, because repeats are written out as parts."""
    yield from dict.fromkeys(found)


def _named(part: Part) -> str:
    return f"phase {part.number} ({part.title})"


def _share(tempo: Fraction, cadence_spm: Fraction) -> str:
    return f"{float((tempo / cadence_spm - 1) * 100):.0f} %"


def _short(number: Fraction) -> str:
    return f"{round(float(number), 1):g}"
