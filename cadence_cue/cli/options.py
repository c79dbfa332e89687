"""The options that everything audible shares, and what they make of a session."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cadence_cue.cli import shared
from cadence_cue.coaching.errors import shown

if TYPE_CHECKING:
    from cadence_cue.coaching.model import Library, Session
    from cadence_cue.settings import Settings
    from cadence_cue.studio import Performance
    from cadence_cue.timing.timeline import Timeline

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for on the command line."""

    cadence: float | None
    seed: int | None
    explain: bool | None
    voice: bool
    beat: bool
    begin: str | None


_OPTIONS = (
    click.option("--cadence", type=shared.Cadence(), help="Your own steps a minute, for once."),
    click.option("--seed", type=click.IntRange(0, (1 << 63) - 1), help="Fixes the cues' rotation."),
    click.option("--explain/--no-explain", default=None, help="Explain each drill before it."),
    click.option("--no-voice", is_flag=True, help="Only the beat."),
    click.option("--no-beat", is_flag=True, help="Only the voice."),
    click.option("--from", "begin", metavar="PHASE|TITLE|M:SS", help="Begin there, counted in."),
)


def performance(command: Command) -> Command:
    """Give a command the options of a performance, as one parameter `wishes`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        cadence: float | None,
        seed: int | None,
        explain: bool | None,
        no_voice: bool,
        no_beat: bool,
        begin: str | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        wishes = Chosen(cadence, seed, explain, not no_voice, not no_beat, begin)
        command(*args, wishes=wishes, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def device(command: Command) -> Command:
    """Give a command the option of a sound device."""
    return click.option("--device", help="A sound device, by number or name (see: devices).")(
        command
    )


def prepare(
    session: Session,
    library: Library,
    settings: Settings,
    chosen: Chosen,
    *,
    live: bool,
    rate: int | None = None,
    safety: bool = True,
) -> Performance:
    """Plan a session for this runner and say what the runner should know about it."""
    from cadence_cue import studio
    from cadence_cue.timing.planner import NO_RECORDING

    wishes = studio.Wishes(
        own=shared.own_cadence(chosen.cadence, settings, session, library),
        get_ready=studio.GET_READY_LIVE if live else studio.GET_READY_EXPORT,
        rate=rate or studio.RATE,
        voice=settings.voice,
        speaks=chosen.voice,
        explain=chosen.explain,
        safety=safety and not live,
        seed=chosen.seed,
        duck_db=settings.duck,
    )
    performance = studio.Performance(session, library, wishes)
    dropped = performance.timeline.dropped if chosen.voice else ()
    unspoken = dict.fromkeys(each.text for each in dropped if each.reason == NO_RECORDING)
    if unspoken:
        shared.notice(f"The voice has no recording of: {'; '.join(map(shown, unspoken))}")
    return performance


@dataclass(frozen=True, slots=True)
class Begun:
    """What is to be played: a timeline, and the index of the phase that it leads into."""

    timeline: Timeline
    phase: int


def begun(performance: Performance, chosen: Chosen) -> Begun:
    """The whole performance, or from the place that was asked for."""
    if chosen.begin is None:
        return Begun(performance.timeline, -1)
    frame = performance.find(chosen.begin)
    shared.notice("Begun in the middle: warm up first, and do Perception before any other drill.")
    ready = performance.session.get_ready
    timeline = performance.entered(frame, performance.wishes.get_ready if ready is None else ready)
    return Begun(timeline, phase_at(timeline, frame))


def phase_at(timeline: Timeline, frame: int) -> int:
    """The index of the phase that is heard, or announced, at a frame; -1 before the first."""
    return sum(mark.entry <= frame for mark in timeline.marks) - 1
