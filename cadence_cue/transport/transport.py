"""The transport: everything that can be done to a performance while it plays, and its state."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.drill import Drill
from cadence_cue.coaching.session import Session
from cadence_cue.errors import UserError
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport import places
from cadence_cue.transport.deck import Deck
from cadence_cue.transport.following import Ready
from cadence_cue.transport.levels import KNOBS, Levels, next_knob
from cadence_cue.transport.music import BackgroundMusic, Make
from cadence_cue.transport.practised import Practised
from cadence_cue.transport.telling import Telling
from cadence_cue.transport.tempo_control import Messages, TempoControl
from cadence_cue.transport.waiting import Waiting

_PREVIOUS = 3  # seconds into a phase within which "previous" means the phase before
_ONLY_PLAIN = "only a plain beat is halved and doubled"


class Transport:
    """A performance that plays, under the runner's control. Thread: one.

    Every action returns messages for the runner. Tempo changes are planned by the next `poll`,
    which has to be called about twenty times a second.
    """

    def __init__(
        self,
        performance: Performance,
        player: Player,
        levels: Levels | None = None,
        *,
        plain: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Control `performance` on `player`, stopped until `play`.

        `plain` marks a plain beat, which may be halved and doubled; `clock` returns seconds.
        """
        self.levels = levels or Levels()
        self.plain = plain
        self._player = player
        self._deck = Deck(performance, player)
        self.tempo_control = TempoControl(self._deck, clock)
        self._waiting = Waiting(self._deck)
        self.telling = Telling(self._deck)
        self.practised = Practised()
        self.music = BackgroundMusic(self._deck)
        """The runner's music under the performance."""
        self.knob = KNOBS[0]
        """What `volume` changes: one of `knobs`."""
        self._aimed = -1  # the phase that playing was last started for

    @property
    def performance(self) -> Performance:
        """The performance as it plays, with the edits that are in effect."""
        return self._deck.performance

    @property
    def timeline(self) -> Timeline:
        """The timeline that plays: the performance from where it was entered, with a count-in."""
        return self._deck.timeline

    @property
    def position(self) -> Position:
        """The position being heard; right after a jump, its target."""
        return self._deck.position

    def position_at(self, instant: float) -> Position:
        """The position that was heard at an instant in seconds of time.monotonic()."""
        return self._player.position_at(instant)

    def position_of(self, given: float) -> Position:
        """The position of a frame, as they are counted that were given to the device."""
        return self._player.position_of(given)

    @property
    def entry(self) -> int:
        """The frame that was entered; what plays before it is the lead-in."""
        return self._deck.entry

    @property
    def begun(self) -> int:
        """The frame at which playing last started."""
        return self._deck.begun

    @property
    def notices(self) -> list[str]:
        """Messages about the sound so far, one sentence each."""
        return self._player.notices

    @property
    def underruns(self) -> int:
        """How often the device ran dry."""
        return self._player.underruns

    @property
    def phase(self) -> int:
        """The index of the phase that plays, or is being led into; -1 before the first."""
        return max(self._aimed, places.phase_at(self.timeline, self.position.frame))

    @property
    def coming_drill(self) -> Drill | None:
        """The drill that plays, or else the next one; None if none follows."""
        parts = self.performance.parts[max(self.phase, 0) :]
        drills = self.performance.library.drills
        return next((drills[part.drill] for part in parts if part.drill), None)

    @property
    def tempo(self) -> Fraction | None:
        """Beats a minute of the beat being heard; None without a beat."""
        return self.performance.tempo_at(self.position.frame)

    @property
    def title(self) -> str:
        """The session's title; a plain beat is called by the tempo that it has now."""
        if not self.plain:
            return self.performance.session.title
        return places.beat_title(self.cadence)

    @property
    def cadence(self) -> Fraction:
        """The runner's cadence as it is now, in steps a minute; of a plain beat its tempo."""
        performance = self.performance
        if not self.plain:
            return self.ran_at or performance.spec.cadence_spm
        *_, last = performance.timeline.marks
        return places.tempo_at(performance, min(self._deck.place, last.start + last.frames - 1))

    @property
    def paused(self) -> bool:
        """Whether the performance is paused, until `go_on`."""
        return self._deck.stopped and not self.waiting

    @property
    def waiting(self) -> bool:
        """Whether the clock is held at the end of a rest, until `wait` or `go_on`."""
        return self._waiting.stands

    @property
    def standing(self) -> bool:
        """Whether the clock stands, because it is paused or waits."""
        return self.paused or self.waiting

    @property
    def ended(self) -> bool:
        """Whether the last frame has been heard."""
        return self.position.state is State.FINISHED

    @property
    def time(self) -> str:
        """The time being heard, in minutes and seconds from the start of the first phase."""
        return places.told_time(self.performance, self.position.frame)

    @property
    def ran_at(self) -> Fraction | None:
        """The cadence or plain tempo that the runner changed to; None if it was not changed."""
        return self.tempo_control.found(plain=self.plain)

    # Playing.

    def play(self, frame: int | None = None, get_ready: Fraction = Fraction(0)) -> Messages:
        """Play the whole performance, or from `frame` with a count-in after `get_ready` seconds."""
        self.levels.apply(self._player)
        if not self.music.there:
            self._deck.set_music(None)  # not the music of an earlier performance
        if frame is None:
            self._deck.begin(self.performance)
        else:
            phase = places.phase_at(self.timeline, frame)
            self._enter(self.performance, frame, phase, get_ready)
        return []

    def pause(self) -> Messages:
        """Pause, if something plays."""
        if self._deck.stopped or self.waiting:
            return []
        self._deck.stop()
        return ["paused"]

    def stand_aside(self) -> None:
        """Pause, and leave the player to something else until `go_on`."""
        self.tempo_control.settle()
        self._deck.park(self.performance, self._deck.place)

    def go_on(self) -> Messages:
        """Continue: with a count-in after a pause, at once if the clock is held."""
        told = self.tempo_control.poll()
        if not self._deck.standing:
            return told
        told.append(f"going on from {self.time}")
        if self._deck.stopped:
            self._enter(self.performance, self._deck.place, self.phase)
        else:
            self._waiting.forget()
        return told

    def pause_or_go_on(self) -> Messages:
        """Pause; if paused or waiting already, continue."""
        return self.pause() or self.go_on()

    def next(self) -> Messages:
        """Jump to the next phase."""
        if self.phase + 1 < len(self.timeline.marks):
            return self.jump(self.phase + 1)
        return ["this is the last phase"]

    def previous(self) -> Messages:
        """Jump to the start of this phase, or of the one before within its first 3 seconds."""
        phase = max(self.phase, 0)
        into = self.position.frame - self.timeline.marks[phase].start
        return self.jump(phase if into > _PREVIOUS * self.timeline.rate else max(phase - 1, 0))

    def jump(self, phase: int) -> Messages:
        """Jump to the announcement or count-in of the phase with this index."""
        mark = self.timeline.marks[phase]
        return self._seek(mark.entry, phase) or [f"to {mark.title}"]

    def seek(self, frame: int) -> Messages:
        """Jump to a frame of the performance, with a count-in."""
        phase = places.phase_at(self.performance.timeline, frame)
        return self._seek(frame, phase) or [f"to {places.told_time(self.performance, frame)}"]

    # The tempo. The next `poll` plans the change, and returns the message about it.

    def nudge(self, by: Fraction) -> Messages:
        """Change the tempo by so many beats a minute: the cadence, if the phase follows it."""
        return self.tempo_control.nudge(by)

    def set_tempo(self, tempo: Fraction) -> Messages:
        """Set the tempo, in beats a minute, of the current or the next beat."""
        return self.tempo_control.to(tempo)

    def tap(self) -> Messages:
        """Tap the tempo that the runner wants; it is set when the taps have stopped."""
        return self.tempo_control.tap()

    def half(self) -> Messages:
        """Halve the tempo of a plain beat."""
        return self.tempo_control.times(Fraction(1, 2)) if self.plain else [_ONLY_PLAIN]

    def double(self) -> Messages:
        """Double the tempo of a plain beat."""
        return self.tempo_control.times(Fraction(2)) if self.plain else [_ONLY_PLAIN]

    def to_own_cadence(self) -> Messages:
        """Return to the tempos of the start; a plain beat returns to the runner's cadence."""
        return self.tempo_control.back(plain=self.plain)

    def become(self, session: Session) -> Messages:
        """Go on from the next beat as a session of the same phases with other clicks or cues."""
        return self.tempo_control.become(session)

    def shift(self, seconds: Fraction) -> Messages:
        """Move the beats later by `seconds`, or earlier, at the same tempo."""
        return self.tempo_control.shift(seconds)

    # Everything else.

    def wait(self) -> Messages:
        """Hold the clock at the end of this rest or the next one; if held there, continue."""
        return self.go_on() if self.waiting else self._waiting.ask()

    def mute(self, name: str) -> Messages:
        """Mute or unmute one of "beat", "voice" and "music"."""
        if name == "voice" and not self.performance.spec.speaks:
            return ["this was started without a voice"]
        if name == "music" and not self.music.there:
            return ["there is no music"]
        self.levels = replace(self.levels, **{name: not getattr(self.levels, name)})
        self.levels.apply(self._player)
        self.music.muted = not self.levels.music
        return [f"{name} {'on' if getattr(self.levels, name) else 'off'}"]

    def volume(self, decibels: float) -> Messages:
        """Make the selected knob louder by `decibels`, or softer."""
        self.levels = self.levels.louder(decibels, self.knob)
        self.levels.apply(self._player)
        level = self.levels.decibels(self.knob)
        most = ", the most there is" if level == 0 and decibels > 0 else ""
        return [f"{self.knob} {level:g} dB{most}"]

    def next_knob(self) -> Messages:
        """Select the next knob for `volume` to change."""
        self.knob, told = next_knob(self.knob, self.knobs)
        return [told]

    @property
    def knobs(self) -> tuple[str, ...]:
        """The knobs that there are: music only if there is any."""
        return KNOBS if self.music.there else KNOBS[:-1]

    def set_music(self, make: Make | None, ready: Ready | None = None) -> None:
        """Prepare and play the runner's music, or none; play what is `ready` at once if given."""
        self.music.set_music(make, self.performance, ready)

    def close(self) -> None:
        """Stop preparing music, and keep in the performance until when it was turned down."""
        self.music.end()

    def poll(self) -> Messages:
        """Update the state, do what is due, and return messages; to be called regularly."""
        self._follow()
        self.practised.poll(self.position, self.performance, self._deck.entry)
        told = self.tempo_control.poll()
        self.telling.poll()
        told += self._waiting.poll()
        return [*told, *(self.music.poll() if self.tempo_control.settle() else [])]

    def _seek(self, frame: int, phase: int) -> Messages:
        try:
            performance, frame = self.tempo_control.carried(frame)
        except UserError as error:
            return [str(error)]
        self._enter(performance, frame, phase)
        return []

    def _enter(
        self, performance: Performance, frame: int, phase: int, get_ready: Fraction = Fraction(0)
    ) -> None:
        self._aimed = phase
        self._waiting.entering(frame)
        self._deck.enter(performance, frame, get_ready)

    def _follow(self) -> None:
        """Continue at the device's rate if a device with another rate has been opened."""
        if not self._player.ready:
            return
        rate, deck = self._player.rate, self._deck
        if rate == deck.performance.spec.rate or self.ended:
            return
        self.tempo_control.settle()
        old = deck.performance
        new = old.at_rate(rate)
        place = places.moved(deck.place, old, new)
        self.music.again(new, place)
        if deck.standing:
            deck.park(new, place)
            return
        self._waiting.entering(deck.place)
        if deck.position.frame < deck.place:
            deck.enter(new, place)
        else:
            deck.begin(new, place)
