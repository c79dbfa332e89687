"""Cuts a single cue out of a performance, on its own or over a beat, to be judged by ear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.playing import levels
from cadence_cue.app.preparing import performance_spec
from cadence_cue.app.settings import Settings
from cadence_cue.coaching import rehearsal
from cadence_cue.coaching.drill import Library
from cadence_cue.errors import UserError
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.studio import Performance, perform
from cadence_cue.timing import RATE
from cadence_cue.timing.timeline import Bus, EventKind, Timeline
from cadence_cue.voice.casting import Progress, nothing

_AIR = Fraction(1, 4)  # seconds before and after a cue on its own
_BEATS_AFTER = 4


@dataclass(frozen=True, slots=True)
class Text:
    """A text to hear, its spelling for the voice if that differs, and the tempo of its beat."""

    text: str
    spoken: str = ""
    tempo: str | None = None


def audition(
    said: Text,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    *,
    live: bool = True,
    rate: int = RATE,
    progress: Progress = nothing,
) -> Performance:
    """Return the performance of a text, as a session would speak it. Raises UserError."""
    options = replace(options, safety_line=False)
    spec = performance_spec(settings, options, live=live, rate=rate)
    session = rehearsal.audition(
        library, said.text, spoken=said.spoken, tempo=said.tempo, cadence_spm=spec.cadence_spm
    )
    try:
        return perform(session, library, spec, progress=progress)
    except UserError as error:  # without its phase: the runner has written none
        raise error.at("") from error


class Playback:
    """Plays texts, one at a time, and lets the device go after each."""

    def __init__(self) -> None:
        self._playing: tuple[Player, int] | None = None  # with its generation

    def start(self, performance: Performance, player: Player, settings: Settings) -> None:
        """Play the performance of a text, at the levels of the settings."""
        levels(settings).apply(player)
        player.load(performance.beats, performance.voice)
        self._playing = player, player.play(heard(performance))

    def poll(self) -> bool:
        """Let the device go once the text was heard; return whether nothing plays any more."""
        if self._playing:
            player, generation = self._playing
            position = player.position
            if position.generation == generation and position.state is State.FINISHED:
                self.stop()
        return self._playing is None

    def stop(self) -> None:
        """End the text that plays, if any."""
        if self._playing:
            self._playing[0].rest()
            self._playing = None


def heard(performance: Performance) -> Timeline:
    """Return the timeline of an `audition`, cut to the cue and its beats.

    The signals and the lead-in of a session are left out.
    """
    timeline = performance.timeline
    events = timeline.events
    cue = events[events["bus"] == Bus.VOICE][0]
    end = int(cue["frame"]) + int(cue["frames"])
    air = round(_AIR * timeline.rate)
    tempo = performance.parts[0].tempo
    if tempo is None:
        heard = events[events["bus"] == Bus.VOICE]
        start, end = int(cue["frame"]) - air, end + air
    else:
        start = timeline.marks[0].start
        end += round(_BEATS_AFTER * 60 / tempo[0] * timeline.rate)
        beats = (events["bus"] == Bus.BEAT) & (events["kind"] == EventKind.BEAT)
        within = (events["frame"] >= start) & (events["frame"] < end)
        heard = events[within & (beats | (events["bus"] == Bus.VOICE))]
    return replace(timeline, events=heard.copy(), start=start, frames=end)
