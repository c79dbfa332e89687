"""The deck: which performance the player plays, where in it we are, and whether it stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.live.succession import Answer
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport.splicing import spliced


@dataclass(frozen=True, slots=True)
class _Offer:
    """A performance that was offered to go on with, and has not been answered yet."""

    number: int
    performance: Performance
    timeline: Timeline


class Deck:
    """The player with one performance in it; it stands until it is entered. Thread: one."""

    def __init__(self, performance: Performance, player: Player) -> None:
        self.performance = performance
        """The one that plays: an edit that the engine has not taken over is not in it."""
        self.timeline = performance.timeline
        """What plays of it: from where it was entered on, counted in."""
        self.stopped = True
        """Whether it goes on by being entered only; a held clock goes on by itself."""
        self.begun = 0
        """The frame that the present playing began with."""
        self.player = player
        self._entry = 0  # from here on it is the performance; what comes before leads in
        self._parked_at: int | None = 0  # where it stands, if not where the player stopped
        self._generation = 0
        self._offer: _Offer | None = None
        self._loaded: set[str] = set()
        self._rate = performance.spec.rate  # of what is loaded

    @property
    def position(self) -> Position:
        """What is heard; where it leads, as long as it is not heard yet."""
        position = self.player.position
        if self._parked_at is not None:
            state = State.PAUSED if self._generation else State.WAITING
            return Position(self._generation, self._parked_at, state)
        if position.generation == self._generation:
            return position
        return Position(self._generation, self.begun, State.WAITING)

    @property
    def entry(self) -> int:
        """The frame from which on it is the performance; what comes before leads in."""
        return self._entry

    @property
    def place(self) -> int:
        """The frame to go on from: the one that is heard, or that is counted in."""
        return max(self.position.frame, self._entry)

    @property
    def made(self) -> int:
        """The first frame that has not been given to the device yet."""
        latest = self.player.latest
        if latest is None or latest.generation != self._generation:
            return self.position.frame
        return latest.frame + (latest.frames if latest.state is State.PLAYING else 0)

    @property
    def standing(self) -> bool:
        """Whether the clock stands, stopped or held."""
        latest = self.player.latest
        return self.stopped or (
            latest is not None
            and latest.generation == self._generation
            and latest.state is State.HELD
            and latest.frame == self.player.hold_wished  # else it goes on with the next block
        )

    def ahead(self, seconds: float) -> int:
        """The frame that is made so many seconds later than the next; never one that leads in."""
        return max(self.made + self.performance.plan.clock.frames(seconds), self._entry)

    def enter(
        self, performance: Performance, frame: int, get_ready: Fraction = Fraction(0)
    ) -> None:
        """Play from a frame on, counted in."""
        self._play(performance, performance.entered(frame, get_ready), frame, None)

    def begin(self, performance: Performance, frame: int = 0) -> None:
        """Play the whole performance, at once from a frame of it."""
        self._play(performance, performance.timeline, frame, frame)

    def stop(self) -> None:
        """Fall silent; the frame that was heard last is where it goes on."""
        self.player.pause()
        self.stopped = True

    def park(self, performance: Performance, frame: int) -> None:
        """Stand at a frame of a performance."""
        self.stop()
        self._offer = None
        self.performance, self.timeline = performance, performance.timeline
        self._entry = self._parked_at = frame

    def offer(self, performance: Performance, since: int) -> None:
        """Offer another performance to go on with, equal to this one before frame `since`."""
        timeline = spliced(self.timeline, performance.timeline, since)
        self._load(performance)
        self._offer = _Offer(self.player.offer(timeline, since), performance, timeline)

    def settled(self) -> bool:
        """Whether no offer waits for its answer; one that was accepted is what plays from here."""
        if self._offer is None:
            return True
        answer = self.player.answer(self._offer.number)
        if answer is Answer.OPEN:
            return False
        if answer is Answer.ACCEPTED:
            self.performance, self.timeline = self._offer.performance, self._offer.timeline
        self._offer = None
        return True

    def _play(
        self, performance: Performance, timeline: Timeline, entry: int, frame: int | None
    ) -> None:
        self.performance, self.timeline = performance, timeline
        self._load(performance)
        self.begun = timeline.start if frame is None else frame
        self._generation = self.player.play(timeline, self.begun)
        self._entry = entry
        self._parked_at = self._offer = None
        self.stopped = False

    def _load(self, performance: Performance) -> None:
        """Send the clips that the engine has not got."""
        if performance.spec.rate != self._rate:
            self._rate = performance.spec.rate
            self._loaded.clear()
        beats = {} if self._loaded else performance.beats
        voice = {text: clip for text, clip in performance.voice.items() if text not in self._loaded}
        if beats or voice:
            self.player.load(beats, voice)
            self._loaded |= {*beats, *voice}
