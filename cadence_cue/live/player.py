"""The player: what everything above holds to be heard.

It has an engine while there is sound, and the silent clock when there is none; either follows the
same desired state, and either tells the same positions.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from cadence_cue.live.control import Desired, State, Stretch
from cadence_cue.live.performance import Clips
from cadence_cue.live.position import Position, forward
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.silent import SilentClock
from cadence_cue.live.watchdog import TICK, Watchdog
from cadence_cue.timing.timeline import Timeline

_OFFER = "`cadence-cue export` makes a file instead."
_NO_SOUND = "No sound: {reason}. Playing silently; " + _OFFER
_LOST = "The sound stopped: {reason}. Playing on silently; " + _OFFER


class Player:
    """Plays timelines of one rate on one device. Thread: any.

    A context manager: on leaving, the engine fades out and ends.
    """

    def __init__(
        self,
        rate: int,
        *,
        device: str | None = None,
        block: int = 256,
        latency: float = 0.05,
        watchdog: bool = True,
    ) -> None:
        """Frames per second; a device's index or name; its block in frames, latency in seconds.

        Without `watchdog` a device may take as long as it likes.
        """
        self._settings = (rate, block, latency, device)
        self._watchdog = watchdog
        self._lock = threading.Lock()
        self._closing = False
        self._engine: EngineProcess | None = None
        self._watcher: threading.Thread | None = None
        self._silence = SilentClock(rate)
        self._desired = Desired()
        self._timeline: Timeline | None = None
        self._timelines = 0
        self._last = Position()
        self.notice = ""
        """One sentence about a trouble with the sound; "" while there is none."""
        self.device = ""
        """The name of the device, as soon as it is open."""

    def start(self) -> None:
        """Start the engine; it gets ready while the caller plans."""
        engine = EngineProcess(*self._settings)
        self._engine = engine
        self._watcher = threading.Thread(target=self._watch, args=(engine,), daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Fade out and end the engine, within about two seconds whatever its state."""
        with self._lock:
            self._closing = True
            engine = self._engine
            if engine:
                engine.want(self._desired._replace(playing=False))
        if engine:
            engine.dismiss()
        if self._watcher:
            self._watcher.join()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def load(self, beats: Clips, voice: Clips) -> None:
        """Give the clips, by name, of the timelines to come."""
        with self._lock:
            if self._engine:
                self._engine.load(beats, voice)

    def play(self, timeline: Timeline, frame: int | None = None) -> int:
        """Play from the timeline's start, or from a frame in it; what sounds now is faded out.

        Returns the generation: a Position that carries it is a frame of this playing.
        """
        with self._lock:
            if timeline is not self._timeline:
                self._timeline = timeline
                self._timelines += 1
                if self._engine:
                    self._engine.send(self._timelines, timeline)
            self._want(
                self._desired._replace(
                    generation=self._desired.generation + 1,
                    timeline=self._timelines,
                    frame=timeline.start if frame is None else frame,
                    playing=True,
                )
            )
            return self._desired.generation

    def pause(self) -> None:
        """Fade out in 5 ms and stop the frame clock; the stream and its noise go on."""
        with self._lock:
            self._want(self._desired._replace(playing=False))

    def resume(self) -> None:
        """Go on at the frame where the clock stopped."""
        with self._lock:
            self._want(self._desired._replace(playing=True))

    def level(
        self,
        *,
        beat: float | None = None,
        voice: float | None = None,
        overall: float | None = None,
    ) -> None:
        """Set gains (linear, 0 to 1; 0 mutes), each reached in 5 ms; those not given stay."""
        with self._lock:
            now = self._desired
            self._want(
                now._replace(
                    beat=now.beat if beat is None else beat,
                    voice=now.voice if voice is None else voice,
                    overall=now.overall if overall is None else overall,
                )
            )

    @property
    def position(self) -> Position:
        """What is being heard; it never steps back within a generation."""
        with self._lock:
            return self._position()

    @property
    def heard(self) -> int:
        """The frame being heard."""
        return self.position.frame

    @property
    def silent(self) -> bool:
        """Whether the silent clock is playing."""
        return self._engine is None

    @property
    def latest(self) -> Stretch | None:
        """What the engine made last, with its underruns and priority; None before and without."""
        with self._lock:
            return next(self._engine.control.stretches(), None) if self._engine else None

    def _want(self, desired: Desired) -> None:
        self._desired = desired
        if self._engine:
            self._engine.want(desired)
        elif self._timeline:
            self._silence.want(desired, self._timeline.frames)

    def _position(self) -> Position:
        self._last = forward(
            self._last, self._engine.heard() if self._engine else self._silence.heard()
        )
        if self._last.state is State.WAITING:
            return self._last._replace(frame=self._desired.frame)
        return self._last

    def _watch(self, engine: EngineProcess) -> None:
        """See the engine through to its end, and let the silent clock take over."""
        trouble = self._trouble(engine)
        with self._lock:
            last = self._position()
            self._engine = None
            if not self._closing:
                self.notice = trouble
                if last.generation == self._desired.generation:
                    self._desired = self._desired._replace(frame=last.frame)
                self._want(self._desired)
        engine.close()

    def _trouble(self, engine: EngineProcess) -> str:
        """Watch until the engine is no more; say what happened."""
        now = time.monotonic()
        watchdog = Watchdog(now)
        due = now + TICK
        error = ""
        while not engine.ended:
            told = engine.listen(due - now)
            self.device = told.get("device", self.device)
            error = told.get("error", error)
            now = time.monotonic()
            if now >= due:
                due = now + TICK
                lost = watchdog.lost(now, engine.control.published)
                if lost and self._watchdog and not self._closing:
                    what = f'the device "{self.device}"' if self.device else "the sound system"
                    error = f"{what} does not answer"
                    engine.kill()
        engine.dismiss()
        error = error or f"its program ended ({engine.last_words or 'without a word'})"
        return (_LOST if engine.control.published else _NO_SOUND).format(reason=error)
