"""The supervisor: keeps an engine running, or a silent one while no audible one can be had.

Sound libraries raise nothing when a sound server dies; the callbacks just stop. So the engine is
watched, ended when it makes no progress, and started again. What is played is the player's
business (live.player); the supervisor only decides which engine plays it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cadence_cue.live.backends import SILENT
from cadence_cue.live.child import StartedProcess
from cadence_cue.live.output import LATENCIES, Output
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.recovery import Backoff
from cadence_cue.live.watchdog import TICK, Watchdog
from cadence_cue.timing import RATE

_OFFER = "an export makes a file instead."

_PROVEN = 30.0  # seconds of playing after which a loss counts as a new problem
_WAKING = 0.02  # seconds between two looks whether something plays again
_AT_ONCE = 3  # how many times in a row a lost device is reopened without waiting


class EngineHost(Protocol):
    """What the supervisor gives its engines to: the player. Thread: the supervisor's."""

    @property
    def plays_at(self) -> int:
        """The rate of the timeline that plays; 0 while none does."""

    @property
    def resting(self) -> bool:
        """Whether nothing plays, and the device is let go."""

    def enter(self, engine: EngineProcess) -> None:
        """Continue with this engine, from the frame being heard."""

    def leave(self) -> None:
        """Continue without an engine: the position stands still."""

    def tell(self, notice: str) -> None:
        """Add a message about the sound for the runner."""

    def news(self, told: dict[str, Any]) -> None:
        """Take over the fields of an engine's message that concern the player.

        `trouble` is why there is no sound.
        """


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why there is no sound; `lasting` if trying again cannot help."""

    reason: str
    lasting: bool = False


class Supervisor:
    """A thread that keeps an engine running."""

    def __init__(
        self,
        host: EngineHost,
        output: Output,
        *,
        watchdog: bool = True,
        stepped: bool = False,
        started: StartedProcess | None = None,
    ) -> None:
        """Keep an engine on `output`; the first is the one that was `started`, if one was.

        Without `watchdog` a device may take as long as it likes.
        """
        self._host = host
        self._output = output
        self._watchdog = watchdog and not stepped
        self._stepped = stepped
        self._started = started
        self._latencies = list(LATENCIES) if output.latency is None else [output.latency]
        self._known = False  # whether the device that was asked for by name has played
        self._backoff = Backoff()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Start the thread, which starts the first engine."""
        self._thread.start()

    def close(self) -> None:
        """Fade out and end every engine, within about two seconds whatever its state is."""
        self._over.set()
        if self._thread.ident:
            self._thread.join()

    def _run(self) -> None:
        found = self._first()
        notice = "No sound: {reason}. Playing silently; " + _OFFER
        back = ""
        losses = 0  # in a row
        while not self._over.is_set():
            if isinstance(found, _Trouble):
                self._host.news({"trouble": found.reason})
                self._host.tell(notice.format(reason=found.reason))
                back = "The sound is back"
            if isinstance(found, _Trouble) or not self._fits(found):
                found = self._silently(found)
            if isinstance(found, _Trouble):
                break
            if back and not self._over.is_set():
                self._host.tell(f'{back}, on "{_device(found)}".')
            since = time.monotonic()
            lost = self._play(found)
            if time.monotonic() - since > _PROVEN:
                losses, self._backoff = 0, Backoff()
            losses += 1
            notice = "The sound stopped: {reason}. Playing on silently until it is back; " + _OFFER
            back = f"The sound stopped: {lost.reason}. It is back" if lost.reason else ""
            found = lost
            if self._watchdog and losses <= _AT_ONCE and not self._over.is_set():
                found = self._again()
            if isinstance(found, _Trouble):
                found = replace(found, reason=lost.reason or found.reason)
        if isinstance(found, EngineProcess):
            found.close()

    def _first(self) -> EngineProcess | _Trouble:
        """Start the first engine: on the device asked for, or instead of one that vanished."""
        found = self._attempt(self._output)
        if isinstance(found, _Trouble) and self._output.remembered and not self._over.is_set():
            usual = replace(self._output, device=None, remembered=False)
            other = self._attempt(usual)
            if isinstance(other, EngineProcess):
                self._output = usual
                self._host.tell(
                    f'Your device cannot be used ({found.reason}). Playing on "{_device(other)}".'
                )
                return other
        return found

    def _play(self, engine: EngineProcess) -> _Trouble:
        """Let an engine play until it fails or `close` is called; return what went wrong."""
        if self._output.device is not None and engine.opened and not self._known:
            # By name: once a device has been unplugged, its number may be another's.
            self._output = replace(self._output, device=engine.opened.wish)
            self._known = True
        self._host.enter(engine)
        for trouble in self._watched(engine, Watchdog(time.monotonic()), rests=True):
            if trouble:
                self._host.leave()
                engine.close()
                return _Trouble("") if self._sleep() else trouble
        self._host.leave()
        engine.dismiss()
        return _Trouble("")

    def _silently(self, found: EngineProcess | _Trouble) -> EngineProcess | _Trouble:
        """Let a silent engine play until an audible one can take over, or `close` is called.

        An audible engine in `found` waits for a timeline at its rate.
        """
        trying = self._watchdog and not (isinstance(found, _Trouble) and found.lasting)
        due = time.monotonic() + self._backoff.wait()
        while not self._over.is_set():
            silent = self._attempt(Output(backend=SILENT, block=self._output.block))
            if isinstance(silent, _Trouble):  # not even that one starts
                self._over.wait(self._backoff.wait())
                continue
            self._host.enter(silent)
            for lost in self._watched(silent, Watchdog(time.monotonic()), rests=True):
                if lost:
                    break
                if isinstance(found, _Trouble):
                    if trying and not self._host.resting and time.monotonic() >= due:
                        found = self._again()
                        due = time.monotonic() + self._backoff.wait()
                    continue
                self._host.news({"rate": found.opened.rate if found.opened else 0})
                found.listen(0)
                if found.ended:
                    self._host.news({"rate": 0})
                    found.close()
                    found = _Trouble("")
                elif self._fits(found):
                    self._host.leave()
                    silent.close()
                    return found
            self._host.leave()
            silent.dismiss()
        return found

    def _fits(self, engine: EngineProcess) -> bool:
        """Whether the timeline that plays has the engine's rate."""
        rate = self._host.plays_at
        return not rate or (engine.opened is not None and engine.opened.rate == rate)

    def _again(self) -> EngineProcess | _Trouble:
        """Start another engine: on the requested device, or if that has played, on the default.

        It has to play steadily: a suspended device would be found and lost again and again.
        """
        found = self._attempt(self._output, steadily=True)
        if isinstance(found, _Trouble) and self._known:
            return self._attempt(replace(self._output, device=None), steadily=True)
        return found

    def _attempt(self, output: Output, *, steadily: bool = False) -> EngineProcess | _Trouble:
        """Start an engine and wait until it plays."""
        stepped = self._stepped and output.backend == SILENT
        latencies = self._latencies if self._watchdog else self._latencies[:1]
        started, self._started = self._started, None
        if started and started.process.poll() is not None:  # it has died, before it had an order
            started = None
        try:
            engine = EngineProcess(
                output, self._host.plays_at or RATE, latencies, stepped=stepped, started=started
            )
        except OSError as error:  # the computer is at its limits
            return _Trouble(f"its program cannot be started ({error.strerror})")
        watchdog = Watchdog(time.monotonic())
        for trouble in self._watched(engine, watchdog):
            if trouble:
                engine.close()
                return trouble
            plays = watchdog.steady if steadily else engine.control.published or stepped
            if engine.opened and plays:
                return engine
        engine.close()
        return _Trouble("")

    def _sleep(self) -> bool:
        """Wait as long as nothing plays, when nobody misses an engine; return whether it did."""
        resting = self._host.resting
        while self._host.resting and not self._over.wait(_WAKING):
            pass
        return resting

    def _watched(
        self, engine: EngineProcess, watchdog: Watchdog, *, rests: bool = False
    ) -> Iterator[_Trouble | None]:
        """Watch an engine until `close` is called; yield what is wrong with it, or None.

        One that `rests` lets its device go while nothing plays.
        """
        now = time.monotonic()
        due = now + TICK
        while not self._over.is_set():
            told = engine.listen(due - now)
            if "latency" in told:
                self._latencies = self._latencies[1:] or self._latencies
                later = f"it now comes {1000 * told['latency']:.0f} ms after it is made"
                self._host.tell(f"The sound stuttered; {later}.")
            if told:
                self._host.news(told)
            if "error" in told:
                yield _Trouble(told["error"], told["lasting"])
            elif engine.ended:
                yield _Trouble(f"its program ended ({engine.fate})")
            else:
                yield None
            now = time.monotonic()
            if now >= due:
                due = now + TICK
                if rests and self._host.resting:
                    watchdog.rest(now)
                elif self._watchdog and watchdog.lost(now, engine.control.published):
                    what = (
                        f'the device "{_device(engine)}"' if engine.opened else "the sound system"
                    )
                    yield _Trouble(f"{what} does not answer")


def _device(engine: EngineProcess) -> str:
    return engine.opened.device if engine.opened else ""
