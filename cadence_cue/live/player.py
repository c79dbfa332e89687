"""The player: plays timelines through whatever engine runs; the upper layers' way to live sound.

It holds the desired state, everything that a new engine has to be sent, and the position. Starting
and replacing engines, audible or silent, is the supervisor's work (live.supervisor).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from cadence_cue.live.backends import SILENT
from cadence_cue.live.child import StartedProcess
from cadence_cue.live.clip_bank import ClipBank
from cadence_cue.live.control import NO_HOLD, Desired, PlayedBlock, State
from cadence_cue.live.output import Opened, Output
from cadence_cue.live.position import Position, forward, position_of
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.succession import Answer, Numbered, Succession
from cadence_cue.live.supervisor import Supervisor
from cadence_cue.timing import RATE

if TYPE_CHECKING:
    from cadence_cue.live.packing import Clips
    from cadence_cue.sound.spans import LaidMusic
    from cadence_cue.timing.timeline import Timeline, Utterance


class Played(NamedTuple):
    """A timeline, and the music that comes with it; None for what was heard before."""

    timeline: Timeline
    music: LaidMusic | None = None


class Shared(NamedTuple):
    """An engine, by its process ID, for another process of ours that follows it.

    `control` is a descriptor of its control block, which whoever has it must close.
    """

    engine: int
    control: int
    device: str
    rate: int


class Player:
    """Plays timelines on one output. Thread: any.

    A context manager: on leaving, the engine fades out and ends.
    """

    def __init__(
        self,
        output: Output = Output(),  # noqa: B008 (frozen)
        *,
        offsets: Mapping[str, float] = MappingProxyType({}),
        watchdog: bool = True,
        stepped: bool = False,
        started: StartedProcess | None = None,
    ) -> None:
        """Prepare to play on `output`; `start` starts.

        `offsets` maps a device's name to the seconds by which its sound is later than its clock
        says. Without `watchdog` a device may take as long as it likes, and nothing is restarted.
        With `stepped` (silent back end only) the clock advances only by `step`. The first engine is
        the one that was `started`, if one was.
        """
        self._offsets = offsets
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._closing = False
        self._engine: EngineProcess | None = None
        self._opened: Opened | None = None
        self._silent_wished = output.backend == SILENT
        self._latency = 0.0
        self._underruns = 0  # of earlier engines
        self._found_rate = 0  # of an engine that waits for a timeline at its rate
        self._stepped = 0
        self._clips = ClipBank(self._changed, self.tell)
        self._music: LaidMusic | None = None
        self._desired = Desired()
        self._succession = Succession[Played]()
        self._last = Position()
        self._supervisor = Supervisor(
            self, output, watchdog=watchdog, stepped=stepped, started=started
        )
        self.notices: list[str] = []
        """Messages about the sound so far: one sentence per problem, and one when it is over."""
        self.trouble = ""
        """Why there was no sound last, in words; "" while it never failed."""

    def start(self) -> None:
        """Start the engine in the background, so that the caller can plan meanwhile."""
        self._supervisor.start()

    def close(self) -> None:
        """Fade out and end the engine, within about two seconds whatever its state is."""
        with self._lock:
            self._closing = True
            self._want(playing=False)
            self._changed.notify_all()
            self._clips.close()
        self._supervisor.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @property
    def rate(self) -> int:
        """The device's frames per second, to plan for. Waits until a device is open or given up."""
        with self._lock:
            self._changed.wait_for(lambda: self._opened or self._found_rate or self._closing)
            return self._found_rate or (self._opened.rate if self._opened else RATE)

    @property
    def ready(self) -> bool:
        """Whether `rate` is known and returns at once."""
        return bool(self._opened or self._found_rate)

    def load(self, beats: Clips, voice: Clips) -> None:
        """Add clips, by name, that later timelines use.

        What was to be read while playing need not be any more. With `beats` it may be of another
        voice or rate, and this returns when all of it has been read.
        """
        with self._lock:
            self._clips.add(beats, voice)
            if self._engine and (beats or voice):
                self._engine.load(beats, voice)

    def load_while_playing(
        self, coming: Mapping[str, Utterance], read: Callable[[list[str]], Clips]
    ) -> None:
        """Add voice clips, by name, that are read in this order meanwhile, and silent until then.

        A clip that cannot be read (UserError) stays silent, and the runner is told.
        """
        from cadence_cue.live.packing import pack_silence  # noqa: PLC0415 - numpy, after the start

        descriptor, voice = pack_silence(coming)
        with self._lock:
            self._clips.read_while_playing(voice, read)
            if self._engine:
                self._engine.hand_clips(descriptor)
            else:
                os.close(descriptor)

    @property
    def unread(self) -> frozenset[str]:
        """The clips, by name, that are still to be read while playing."""
        with self._lock:
            return self._clips.unread

    def set_music(self, music: LaidMusic | None) -> None:
        """Play music, at the device's rate, under this and later timelines; None removes it."""
        with self._lock:
            self._music = music
            self._succession.update(lambda each: each._replace(music=None))
            if self._engine:
                self._engine.set_music(music)

    def play(
        self, timeline: Timeline, frame: int | None = None, music: LaidMusic | None = None
    ) -> int:
        """Play a timeline from its start or from `frame`; what is playing now fades out.

        With `music` that is heard under it from there on. Returns the generation: positions that
        carry it belong to this start.
        """
        with self._lock:
            before = self._succession.playing
            item = Played(timeline, music)
            if before and music is None and before.item.timeline is timeline:
                item = before.item
            begun = self._succession.begin(item)
            self._music = music or self._music
            if begun is not before:
                self._send(begun)
            self._want(
                generation=self._desired.generation + 1,
                timeline=begun.number,
                frame=timeline.start if frame is None else frame,
                hold=NO_HOLD,
                playing=True,
                resting=False,
            )
            return self._desired.generation

    def offer(self, timeline: Timeline, since: int, music: LaidMusic | None = None) -> int:
        """Offer a timeline to continue with, equal to what plays before frame `since`.

        So must `music` be, if it is to come with it. The change itself is inaudible. Returns the
        offer's number, for `answer`.
        """
        with self._lock:
            self._settle()
            offer = self._succession.offer(Played(timeline, music))
            self._send(offer)
            self._want(timeline=offer.number, since=since)
            return offer.number

    def answer(self, number: int) -> Answer:
        """Whether an offer was accepted, was refused because it came too late, or is open."""
        with self._lock:
            self._settle()
            return self._succession.answer(number)

    def hold(self, frame: int | None) -> None:
        """Stop the clock at a future frame while the noise floor continues; None: go on."""
        with self._lock:
            self._want(hold=NO_HOLD if frame is None else frame)

    @property
    def hold_wished(self) -> int:
        """The frame at which the clock is to stop; NO_HOLD if it is not to."""
        return self._desired.hold

    def pause(self) -> None:
        """Fade out in 5 ms and stop the frame clock; the stream and its noise floor go on."""
        with self._lock:
            self._want(playing=False)

    def rest(self) -> None:
        """Fade out, and let the device go until something plays again."""
        with self._lock:
            self._want(playing=False, resting=True)

    def level(
        self,
        *,
        beat: float | None = None,
        voice: float | None = None,
        bed: float | None = None,
        overall: float | None = None,
    ) -> None:
        """Set gains (linear, 0 to 1; 0 mutes), each reached in 5 ms; None leaves a gain as it is.

        `bed` is the gain of the runner's music.
        """
        gains = {"beat": beat, "voice": voice, "bed": bed, "overall": overall}
        with self._lock:
            self._want(**{name: gain for name, gain in gains.items() if gain is not None})

    def set_offsets(self, offsets: Mapping[str, float]) -> None:
        """Know from now on by how many seconds each device is later than its clock says."""
        with self._lock:
            self._offsets = offsets

    def step(self, frames: int) -> None:
        """Play `frames` frames, and return when they are played (with `stepped` only)."""
        with self._lock:
            self._changed.wait_for(lambda: self._engine or self._closing)
            if self._engine:
                before = self._stepped
                self._engine.step(frames)
                self._changed.wait_for(lambda: self._stepped != before or self._closing)

    @property
    def position(self) -> Position:
        """The position being heard; within a generation it never moves backwards."""
        with self._lock:
            self._settle()
            return self._position()

    def position_at(self, instant: float) -> Position:
        """The position that was heard at an instant in seconds of time.monotonic().

        WAITING while no engine runs, and for instants more than some seconds ago.
        """
        with self._lock:
            return self._engine.heard(self.offset, instant) if self._engine else Position()

    def position_of(self, given: float) -> Position:
        """The position of a frame, as they are counted that the engine gave to its device.

        WAITING while no engine runs, for frames that were given some seconds ago, and for those
        that only the engine before has given.
        """
        with self._lock:
            latest = self.latest
            if self._engine is None or latest is None or given > latest.given + latest.frames:
                return Position()
            return position_of(given, self._engine.control.played_blocks())

    @property
    def heard(self) -> int:
        """The frame being heard."""
        return self.position.frame

    @property
    def silent(self) -> bool:
        """Whether nothing can be heard although an audible output was asked for."""
        opened = self._opened
        return not self._silent_wished and (opened is None or opened.backend == SILENT)

    @property
    def device(self) -> str:
        """The name of the open device; "" before one is open."""
        return self._opened.device if self._opened else ""

    @property
    def latency(self) -> float:
        """Seconds from rendering a sound to hearing it, without the headphones' offset."""
        return self._latency

    @property
    def offset(self) -> float:
        """Seconds by which the current device's sound is later than its clock says."""
        return self._offsets.get(self.device, 0.0)

    @property
    def latest(self) -> PlayedBlock | None:
        """The last block that the engine rendered; None before the first."""
        with self._lock:
            return next(self._engine.control.played_blocks(), None) if self._engine else None

    def shared(self, known: int | None) -> Shared | None:
        """Return what plays; None if nothing does, or only the engine that is `known`."""
        with self._lock:
            engine = self._engine
            if engine is None or engine.opened is None or engine.pid == known:
                return None
            opened = engine.opened
            control = os.dup(engine.control.descriptor)
            return Shared(engine.pid, control, opened.device, opened.rate)

    @property
    def underruns(self) -> int:
        """How often the device ran dry since the start."""
        latest = self.latest
        return self._underruns + (latest.underruns if latest else 0)

    # The following is for the supervisor (live.supervisor.EngineHost).

    @property
    def resting(self) -> bool:
        """Whether nothing plays, and the device is let go."""
        return self._desired.resting

    @property
    def plays_at(self) -> int:
        """The rate of the timeline that plays; 0 while none does."""
        playing = self._succession.playing
        return playing.item.timeline.rate if playing else 0

    def enter(self, engine: EngineProcess) -> None:
        """Continue with this engine, from the frame being heard."""
        with self._lock:
            clips = self._clips
            clips.finish_reading()  # the engine gets a copy
            self._decide()
            if clips.beats or clips.voice:
                engine.load(clips.beats, clips.voice)
            if self._music is not None:
                engine.set_music(self._music)
            if playing := self._succession.playing:
                engine.send(playing.number, playing.item.timeline)
            self._engine, self._opened = engine, engine.opened
            self._latency = engine.opened.latency if engine.opened else 0.0
            self._found_rate = 0
            self._want()
            self._changed.notify_all()

    def leave(self) -> None:
        """Continue without an engine: the position stands still."""
        with self._lock:
            self._last = self._position()
            self._settle()
            self._underruns = self.underruns
            self._engine = None
            self._decide()

    def tell(self, notice: str) -> None:
        """Add a message about the sound to `notices`."""
        self.notices.append(notice)

    def news(self, told: dict[str, Any]) -> None:
        """Take over the fields of an engine's message that concern the player."""
        with self._lock:
            self._latency = told.get("latency", self._latency)
            self._stepped += "stepped" in told
            self._found_rate = told.get("rate", self._found_rate)
            self.trouble = told.get("trouble", self.trouble)
            if "notice" in told:
                self.tell(told["notice"])
            self._changed.notify_all()

    def _send(self, numbered: Numbered[Played]) -> None:
        if self._engine:
            self._engine.send(numbered.number, *numbered.item)

    def _want(self, **changes: Any) -> None:  # noqa: ANN401 (fields of Desired)
        self._desired = self._desired._replace(**changes)
        if self._engine:
            self._engine.control.want(self._desired)

    def _settle(self) -> None:
        """Find out whether an open offer was accepted or refused."""
        latest = self.latest
        if latest is None or latest.generation != self._desired.generation:
            return
        before = self._succession.playing
        refused = self._succession.poll(latest, self._desired.since)
        self._follow_music(before)
        if refused and (playing := self._succession.playing):
            self._want(timeline=playing.number)

    def _follow_music(self, before: Numbered[Played] | None) -> None:
        """Remember the music of what plays now, if that is another than before."""
        playing = self._succession.playing
        if playing and playing is not before:
            self._music = playing.item.music or self._music

    def _decide(self) -> None:
        """Decide what the next engine plays, and from which frame: the one last heard."""
        frame = self._desired.frame
        if self._last.generation == self._desired.generation:
            frame = self._last.frame
        before = self._succession.playing
        self._succession.decide(frame, self._desired.since)
        self._follow_music(before)
        if playing := self._succession.playing:
            self._desired = self._desired._replace(timeline=playing.number, frame=frame)

    def _position(self) -> Position:
        if self._engine:
            self._last = forward(self._last, self._engine.heard(self.offset))
        last = self._last
        if last.state is State.WAITING:
            return last._replace(frame=self._desired.frame)
        wished = State.PLAYING if self._desired.playing else State.PAUSED
        if last.state in (State.PLAYING, State.PAUSED) and last.state is not wished:
            latest = self.latest
            if latest is None or latest.generation != self._desired.generation:
                return last._replace(state=wished)  # a new engine has not told yet what it does
        return last
