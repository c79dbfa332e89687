"""The deck: which performance the player plays, where in it the clock is, and whether it runs.

Separate from the transport because tempo edits and waits need it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from cadence_cue.errors import UserError
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.live.succession import Answer
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport.splicing import spliced

_SOON = 10  # seconds: reading an hour's clips takes two

WithMusic = Callable[[Performance, Timeline, int], tuple[Timeline, LaidMusic | None]]
"""Returns a timeline of a performance, from a frame on with the clicks that music leaves, and the
music; None for what is heard already."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A performance that was offered to continue with and has not been answered yet."""

    number: int
    performance: Performance
    timeline: Timeline
    music: LaidMusic | None


def in_turn(
    performance: Performance, timeline: Timeline, since: int
) -> tuple[list[str], list[str]]:
    """Return what a performance speaks in the ten seconds from `since` on, and all the rest.

    Each is in the order in which it comes; what is not spoken any more is last.
    """
    due = timeline.spoken_from(since)
    turns = sorted((due.get(name, timeline.frames), name) for name in performance.spoken)
    soon = since + _SOON * timeline.rate
    return [name for at, name in turns if at < soon], [name for at, name in turns if at >= soon]


class Deck:
    """The player with one performance loaded; stopped until `enter` or `begin`. Thread: one."""

    def __init__(self, performance: Performance, player: Player) -> None:
        self.performance = performance
        """The performance that plays, without edits that the engine has not accepted yet."""
        self.timeline = performance.timeline
        """The timeline that plays: the performance from where it was entered, with a count-in."""
        self.stopped = True
        """Whether only `enter` or `begin` continues it; a held clock needs neither."""
        self.begun = 0
        """The frame at which playing last started."""
        self.player = player
        self.music: LaidMusic | None = None
        """The music that was set with a timeline, or alone."""
        self.with_music: WithMusic | None = None
        """Returns what is heard of a performance with music; None without."""
        self._entry = 0  # the frame that was entered; what plays before it is the lead-in
        self._parked_at: int | None = 0  # where the clock stands, if not where the player stopped
        self._generation = 0
        self._offer: _Offer | None = None
        self._loaded: set[str] = set()
        self._rate = performance.spec.rate  # of the loaded clips

    @property
    def position(self) -> Position:
        """The position being heard; until the first sound, the one that playing starts at."""
        position = self.player.position
        if self._parked_at is not None:
            state = State.PAUSED if self._generation else State.WAITING
            return Position(self._generation, self._parked_at, state)
        if position.generation == self._generation:
            return position
        return Position(self._generation, self.begun, State.WAITING)

    @property
    def entry(self) -> int:
        """The frame that was entered; what plays before it is the lead-in."""
        return self._entry

    @property
    def place(self) -> int:
        """The frame to continue from: the one being heard, or during a count-in its target."""
        return max(self.position.frame, self._entry)

    @property
    def made(self) -> int:
        """The first frame that has not been rendered yet."""
        latest = self.player.latest
        if latest is None or latest.generation != self._generation:
            return self.position.frame
        return latest.frame + (latest.frames if latest.state is State.PLAYING else 0)

    @property
    def standing(self) -> bool:
        """Whether the clock stands still, stopped or held."""
        latest = self.player.latest
        return self.stopped or (
            latest is not None
            and latest.generation == self._generation
            and latest.state is State.HELD
            and latest.frame == self.player.hold_wished  # otherwise the next block continues
        )

    def ahead(self, seconds: float) -> int:
        """The frame rendered `seconds` after the next one, but never one of the lead-in."""
        return max(self.made + self.performance.plan.clock.frames(seconds), self._entry)

    def enter(
        self, performance: Performance, frame: int, get_ready: Fraction = Fraction(0)
    ) -> None:
        """Play from `frame` on, with a count-in after `get_ready` seconds."""
        self._play(performance, performance.entered(frame, get_ready), frame, None)

    def begin(self, performance: Performance, frame: int = 0) -> None:
        """Play the whole performance, starting at once at `frame`."""
        self._play(performance, performance.timeline, frame, frame)

    def stop(self) -> None:
        """Fade out and stop the clock; playing continues from the frame last heard."""
        self.player.pause()
        self.stopped = True

    def park(self, performance: Performance, frame: int) -> None:
        """Stop at `frame` of `performance`."""
        self.stop()
        self._offer = None
        self.performance, self.timeline = performance, performance.timeline
        self._entry = self._parked_at = frame

    def offer(self, performance: Performance, since: int) -> None:
        """Offer another performance to continue with, equal to this one before frame `since`."""
        timeline = spliced(self.timeline, performance.timeline, since)
        timeline, music = self._heard(performance, timeline, since)
        self._load(performance, timeline, since)
        number = self.player.offer(timeline, since, music)
        self._offer = _Offer(number, performance, timeline, music)

    def settled(self) -> bool:
        """Whether no offer is open. An offer that has been accepted becomes `performance` here."""
        if self._offer is None:
            return True
        answer = self.player.answer(self._offer.number)
        if answer is Answer.OPEN:
            return False
        if answer is Answer.ACCEPTED:
            self.performance, self.timeline = self._offer.performance, self._offer.timeline
            self.music = self._offer.music or self.music
        self._offer = None
        return True

    def _play(
        self, performance: Performance, timeline: Timeline, entry: int, frame: int | None
    ) -> None:
        timeline, music = self._heard(performance, timeline, timeline.start)
        self.performance, self.timeline = performance, timeline
        self.begun = timeline.start if frame is None else frame
        self._load(performance, timeline, self.begun)
        self._generation = self.player.play(timeline, self.begun, music)
        self.music = music or self.music
        self._entry = entry
        self._parked_at = self._offer = None
        self.stopped = False

    def set_music(self, music: LaidMusic | None) -> None:
        """Play other music under what plays, whatever is offered; None for none."""
        self.player.set_music(music)
        if self._offer:
            self._offer = replace(self._offer, music=None)
        self.music = music

    def _heard(
        self, performance: Performance, timeline: Timeline, since: int
    ) -> tuple[Timeline, LaidMusic | None]:
        """Return what is heard of a performance, its music only if that is other music."""
        if self.with_music is None:
            return timeline, None
        timeline, music = self.with_music(performance, timeline, since)
        return timeline, None if music == self.music else music

    def _load(self, performance: Performance, timeline: Timeline, since: int) -> None:
        """Send the clips that the engine does not have yet, to play a timeline from `since` on.

        What is spoken soon is there when this returns; the rest is read while that plays. A clip
        that cannot be read stays silent, and the runner is told.
        """
        if performance.spec.rate != self._rate:
            self._rate = performance.spec.rate
            self._loaded.clear()
        beats = {} if self._loaded else performance.beats
        there = self._loaded - self.player.unread
        soon, later = in_turn(performance, timeline, since)
        soon = [name for name in soon if name not in there]
        later = [name for name in later if name not in self._loaded]
        voice = performance.cast.voice
        read = partial(voice.clips, rate=self._rate)
        try:
            clips = read(soon)
        except UserError:  # which of them is found, and told, by who reads them one by one
            clips = {}
            later = [*(name for name in soon if name not in self._loaded), *later]
        self.player.load(beats, clips)
        if later:
            self.player.load_while_playing(voice.utterances(later, self._rate), read)
        self._loaded |= {*beats, *soon, *later}
