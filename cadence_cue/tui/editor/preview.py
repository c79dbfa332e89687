"""What an edited session will be, as lines of text for the editor; needs no screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from cadence_cue.app.left_out import what, why
from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import PerformanceOptions, music_of
from cadence_cue.app.preparing import Prepared, prepare
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.session import Session
from cadence_cue.errors import UserError
from cadence_cue.timing.timeline import Bus
from cadence_cue.tui import detail
from cadence_cue.tui.playing.session_bar import Piece
from cadence_cue.tui.ways_out import worded
from cadence_cue.voice.casting import Progress


class Spoken(NamedTuple):
    """A text that is spoken: the number of the phase in which it begins, and when."""

    phase: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionPreview:
    """A session as it is planned for this runner."""

    length: str = ""
    pieces: tuple[Piece, ...] = ()
    phases: tuple[str, ...] = ()
    """The number of the phase that each piece belongs to."""
    warnings: tuple[str, ...] = ()
    script: tuple[Spoken, ...] = ()
    left_out: tuple[Spoken, ...] = ()

    def start(self, phase: str) -> float:
        """Where a phase, or the first part of a repeat, starts on the bar; negative for nowhere."""
        found = (k for k, each in enumerate(self.phases) if phase and _is_in(phase, each))
        return next((self.pieces[k].start for k in found), -1.0)

    def lines(self, phase: str) -> Iterator[str]:
        """Yield what is said in a phase or a repeat, and what was left out there.

        For "" that is the whole session, with the warnings before it.
        """
        if not phase:
            yield from (f"⚠ {sentence}" for sentence in self.warnings)
            yield from [""] * bool(self.warnings)
        yield "WHAT WILL BE SAID"
        said = [each for each in self.script if _is_in(phase, each.phase)]
        yield from (f"{each.at:>6}  {each.text}" for each in said)
        if not said:
            yield "nothing" if self.length or self.warnings else "Planning…"
        if left_out := [each for each in self.left_out if _is_in(phase, each.phase)]:
            yield ""
            yield "LEFT OUT"
            yield from (f"{each.at:>6}  {each.text}" for each in left_out)


def preview(
    session: Session,
    library: Library,
    settings: Settings,
    *,
    rate: int,
    practices: Sequence[Practice],
    progress: Progress,
) -> SessionPreview:
    """Plan a session as it is written, with the warnings of `check`.

    What no voice can speak is a warning. Raises UserError if it cannot be planned otherwise.
    """
    options, warnings = PerformanceOptions(fixed=True), []
    plan = partial(
        prepare, session, library, settings, live=True, rate=rate, practices=practices,
        progress=progress
    )  # fmt: skip
    try:
        prepared = plan(options)
    except UserError as error:
        warnings.append(worded(error))
        prepared = plan(replace(options, speaks=False))
    warnings += [*prepared.notes, *(each.text for each in prepared.performance.advice())]
    if music := music_of(session):
        try:
            from cadence_cue.app.music.under import check

            check(music)
        except UserError as error:
            warnings.append(f"its music cannot be heard: {error}")
    return _preview(prepared, tuple(warnings))


def wrapped(line: str, columns: int) -> list[str]:
    """Wrap a line of a preview; it continues below the text, not below the time before it."""
    hang = " " * 8 if line.startswith(" ") else ""
    return textwrap.wrap(line, columns, subsequent_indent=hang) or [""]


def _preview(prepared: Prepared, warnings: tuple[str, ...]) -> SessionPreview:
    parts, timeline = prepared.performance.parts, prepared.performance.timeline
    phases = _numbers([part.number for part in parts])
    zero = timeline.marks[0].start
    script = []
    for event in timeline:
        if event.bus is Bus.VOICE:
            seconds = (event.frame - zero) / timeline.rate
            at = clock(seconds) if seconds >= 0 else "ready"
            script.append(Spoken(phases[max(event.phase, 0)], at, event.sound))
    return SessionPreview(
        length=clock(sum(part.seconds for part in parts)),
        pieces=tuple(Piece(*each) for each in detail.pieces(prepared.performance.parts)),
        phases=tuple(phases),
        warnings=warnings,
        script=tuple(script),
        left_out=tuple(
            Spoken(phases[each.phase], "", f"{what(each)} ({why(each)})")
            for each in timeline.dropped
        ),
    )


def _is_in(phase: str, number: str) -> bool:
    """Whether a phase is the one of this number, its repeat, or ""."""
    return phase in ("", number, number.partition(".")[0])


def _numbers(numbers: list[str]) -> list[str]:
    """Give what has no number, such as an explanation, that of the phase behind it."""
    following = next((number for number in reversed(numbers) if number), "")
    found = []
    for number in reversed(numbers):
        following = number or following
        found.append(following)
    return found[::-1]
