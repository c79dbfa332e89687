"""The transport: what can be done to a performance that plays, and where in it we are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from cadence_cue.errors import UserError
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport import places
from cadence_cue.transport.deck import Deck
from cadence_cue.transport.levels import KNOBS, Levels
from cadence_cue.transport.music import BackgroundMusic, Make
from cadence_cue.transport.practised import Practised
from cadence_cue.transport.tempo_control import Messages, TempoControl
from cadence_cue.transport.waiting import Waiting

_PREVIOUS = 3  # seconds into a phase up to which "previous" means the one before
_ONLY_PLAIN = "only a plain beat is halved and doubled"


class Transport:
    """A performance on its way to the ears, in the runner's hands. Thread: one.

    Every action gives what is to be told. What is wished of the tempo is planned by the next
    `look`, which is to be called about twenty times a second.
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
        """`plain` for a plain beat, which may be halved and doubled; `clock` in seconds."""
        self.levels = levels or Levels()
        self.plain = plain
        self._player = player
        self._deck = Deck(performance, player)
        self.tempo_control = TempoControl(self._deck, clock)
        self._waiting = Waiting(self._deck)
        self.practised = Practised()
        self.music = BackgroundMusic(player)
        """The runner's music under it."""
        self._aimed = -1  # the phase that the present playing leads into

    @property
    def performance(self) -> Performance:
        """The performance as it plays, with the edits that are heard in it."""
        return self._deck.performance

    @property
    def timeline(self) -> Timeline:
        """What plays of it: from where it was entered on, counted in."""
        return self._deck.timeline

    @property
    def position(self) -> Position:
        """What is heard; after a jump where it leads, also before that is heard."""
        return self._deck.position

    @property
    def begun(self) -> int:
        """The frame that the present playing began with."""
        return self._deck.begun

    @property
    def notices(self) -> list[str]:
        """What there was to say about the sound so far, a sentence each."""
        return self._player.notices

    @property
    def underruns(self) -> int:
        """How often the device ran dry."""
        return self._player.underruns

    @property
    def phase(self) -> int:
        """The index of the phase that is heard, or led into; -1 before the first."""
        return max(self._aimed, places.phase_at(self.timeline, self.position.frame))

    @property
    def tempo(self) -> Fraction | None:
        """Beats a minute of the beat that is heard; None without one."""
        return self.performance.tempo_at(self.position.frame)

    @property
    def paused(self) -> bool:
        """Whether it was paused, and waits for `go_on`."""
        return self._deck.stopped and not self.waiting

    @property
    def waiting(self) -> bool:
        """Whether the clock stands at the end of a rest, and waits for `wait` or `go_on`."""
        return self._waiting.stands

    @property
    def ended(self) -> bool:
        """Whether the last frame was heard."""
        return self.position.state is State.FINISHED

    @property
    def time(self) -> str:
        """What is heard in minutes and seconds from the first phase's start."""
        return places.told_time(self.performance, self.position.frame)

    @property
    def ran_at(self) -> Fraction | None:
        """The cadence that was found by hand; None where none was moved."""
        return self.tempo_control.found(plain=self.plain)

    # Playing.

    def play(self, frame: int | None = None, get_ready: Fraction = Fraction(0)) -> Messages:
        """Play the whole performance, or from a frame of it, counted in."""
        self.levels.apply(self._player)
        if not self.music.there:
            self._player.set_music(None)  # no other performance's
        if frame is None:
            self._deck.begin(self.performance)
        else:
            phase = places.phase_at(self.timeline, frame)
            self._enter(self.performance, frame, phase, get_ready)
        return []

    def pause(self) -> Messages:
        """Fall silent, if something plays."""
        if self._deck.stopped or self.waiting:
            return []
        self._deck.stop()
        return ["paused"]

    def go_on(self) -> Messages:
        """Go on where it stands: counted in after a pause, at once where the clock is held."""
        told = self.tempo_control.poll()
        if not self._deck.standing:
            return told
        told.append(f"going on from {self.time}")
        if self._deck.stopped:
            self._enter(self.performance, self._deck.place, self.phase)
        else:
            self._waiting.forget()
        return told

    def next(self) -> Messages:
        """Jump to the next phase."""
        if self.phase + 1 < len(self.timeline.marks):
            return self.jump(self.phase + 1)
        return ["this is the last phase"]

    def previous(self) -> Messages:
        """Jump to the start of this phase; near its start, of the one before."""
        phase = max(self.phase, 0)
        into = self.position.frame - self.timeline.marks[phase].start
        return self.jump(phase if into > _PREVIOUS * self.timeline.rate else max(phase - 1, 0))

    def jump(self, phase: int) -> Messages:
        """Jump to where a phase, given by its index, is announced or counted in."""
        mark = self.timeline.marks[phase]
        return self._seek(mark.entry, phase) or [f"to {mark.title}"]

    def seek(self, frame: int) -> Messages:
        """Jump to a frame of the performance, counted in."""
        phase = places.phase_at(self.performance.timeline, frame)
        return self._seek(frame, phase) or [f"to {places.told_time(self.performance, frame)}"]

    # The tempo. The next look plans it, and tells what came of it.

    def nudge(self, by: Fraction) -> Messages:
        """So many beats a minute more; where the tempo follows the own cadence, of that."""
        return self.tempo_control.nudge(by)

    def set_tempo(self, tempo: Fraction) -> Messages:
        """This tempo for the beat that sounds, or comes next."""
        return self.tempo_control.to(tempo)

    def tap(self) -> Messages:
        """Tap the tempo that shall be; it is taken when the taps have stopped."""
        return self.tempo_control.tap()

    def half(self) -> Messages:
        """Half the tempo of a plain beat."""
        return self.tempo_control.times(Fraction(1, 2)) if self.plain else [_ONLY_PLAIN]

    def double(self) -> Messages:
        """Twice the tempo of a plain beat."""
        return self.tempo_control.times(Fraction(2)) if self.plain else [_ONLY_PLAIN]

    def to_own_cadence(self) -> Messages:
        """The tempos of the beginning; for a plain beat the own cadence."""
        return self.tempo_control.back(plain=self.plain)

    def shift(self, seconds: Fraction) -> Messages:
        """The beats that sound so much later, or earlier, at the same tempo."""
        return self.tempo_control.shift(seconds)

    # Everything else.

    def wait(self) -> Messages:
        """Stop the clock at the end of this rest or the next one; there, go on."""
        return self.go_on() if self.waiting else self._waiting.ask()

    def mute(self, name: str) -> Messages:
        """Mute the beat, the voice or the music, or let it be heard again."""
        if name == "voice" and not self.performance.spec.speaks:
            return ["this was begun without a voice"]
        if name == "music" and not self.music.there:
            return ["there is no music under this"]
        self.levels = replace(self.levels, **{name: not getattr(self.levels, name)})
        self.levels.apply(self._player)
        return [f"{name} {'on' if getattr(self.levels, name) else 'off'}"]

    def volume(self, decibels: float, of: str = "volume") -> Messages:
        """Louder by so much, or softer; `of` one of `knobs`."""
        self.levels = self.levels.louder(decibels, of)
        self.levels.apply(self._player)
        level = self.levels.decibels(of)
        most = ", the most there is" if level == 0 and decibels > 0 else ""
        return [f"{of} {level:g} dB{most}"]

    @property
    def knobs(self) -> tuple[str, ...]:
        """What can be made louder and softer: all of it, or one of its parts."""
        return KNOBS if self.music.there else KNOBS[:-1]

    def set_music(self, make: Make | None, prepared: Bed | None = None) -> None:
        """Play the runner's music with it, or none; `prepared` where it is ready already."""
        self.music.set_music(make, self.performance, prepared)

    def close(self) -> None:
        """Make nothing ready for it any more."""
        self.music.close()

    def poll(self) -> Messages:
        """See what has become of everything, and do what is due."""
        self._follow()
        self.practised.poll(self.position, self.performance, self._deck.entry)
        return [*self.tempo_control.poll(), *self._waiting.poll(), *self.music.poll()]

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
        """Go on at the rate of the device, when another one has come."""
        if not self._player.ready:
            return
        rate, deck = self._player.rate, self._deck
        if rate == deck.performance.spec.rate or self.ended:
            return
        self.tempo_control.settle()
        old = deck.performance
        new = old.at_rate(rate)
        self.music.again(new)
        place = places.moved(deck.place, old, new)
        if deck.standing:
            deck.park(new, place)
            return
        self._waiting.entering(deck.place)
        if deck.position.frame < deck.place:
            deck.enter(new, place)
        else:
            deck.begin(new, place)
