"""Chooses what is said inside parts, apart from cues and what the file says.

That is halfway, that the click stops, that the tired may ignore it, and the end of the session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.clicks import clicking, clicks, runs
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Announced, BeatMode, Kind, Say

_LONG = 300  # seconds from which halfway is announced, and a run may tire
_TIRED_AT = Fraction(1, 3)  # of the hardest part of a long run
_TIRED_SHIFT = Fraction(20)  # seconds
_CLICK_STOPS = Fraction(4)  # seconds before the click stops inside a phase
_DONE = Fraction(2)  # seconds before the end of the session
_GOODBYE = Fraction(6)


def remarks(part: Part, kinds: Collection[Announced], speech: Collection[str]) -> Iterator[Say]:
    """Yield what is said inside a part: halfway, and that the click stops.

    `kinds` are those that are announced in it, `speech` the texts that can be spoken.
    """
    halfway = Announced.HALFWAY in kinds and wording.HALFWAY in speech
    if halfway and part.kind in (Kind.RUN, Kind.WALK) and part.seconds >= _LONG:
        yield Say(part.seconds / 2, from_end=False, text=wording.HALFWAY)
    told = Announced.CLICK in kinds and wording.CLICK_STOPS in speech
    if told and (stops := clicking(part)) < part.seconds:
        at = max(stops - _CLICK_STOPS, Fraction(0))
        yield Say(at, from_end=False, text=wording.CLICK_STOPS)


def tired(
    parts: Sequence[Part], wanted: Collection[int], speech: Collection[str]
) -> Iterator[tuple[int, Say]]:
    """Yield, for each long run with a click, when a tired runner is told to ignore the beat.

    Each is the index of a part and what is said in it; `wanted` holds the indices of the parts that
    may say it.
    """
    start = 0
    while wording.TIRED in speech and start < len(parts):
        end = start
        while end < len(parts) and runs(parts[end]):
            end += 1
        yield from _tired(parts, range(start, end), wanted)
        start = max(end, start + 1)


def _tired(parts: Sequence[Part], run: range, wanted: Collection[int]) -> Iterator[tuple[int, Say]]:
    clicked = [k for k in run if k in wanted and clicks(parts[k])]
    if not clicked or sum(parts[k].seconds for k in run) < _LONG:
        return
    hardest = max(clicked, key=lambda k: min(parts[k].tempo or (0,)))  # the first of the quickest
    part = parts[hardest]
    heard = clicking(part) / (2 if part.beat.mode is BeatMode.FADE else 1)
    at = heard * _TIRED_AT
    yield hardest, Say(at, from_end=False, text=wording.TIRED, shift=_TIRED_SHIFT)


def done(part: Part, goodbye: str, speech: Collection[str]) -> Iterator[Say]:
    """Yield what announces the end of the session in its last part: its own words, if it has any.

    Nothing in a drill, nor if a countdown or the part's own texts announce it.
    """
    if goodbye in speech:
        yield Say(min(_GOODBYE, part.seconds), from_end=True, text=goodbye)
        return
    tells = bool(part.countdown) or any(say.from_end for say in part.say)
    pause_or_run = part.kind in (Kind.RUN, Kind.WALK, Kind.REST)
    if pause_or_run and not tells and wording.DONE in speech:
        yield Say(min(_DONE, part.seconds), from_end=True, text=wording.DONE)
