"""The microphone as the faces see it: the steps that it hears, and what is wrong with it.

What hears is a process of its own (live.listener). Whatever happens to it is told in one sentence,
and all else goes on.
"""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import Any, Self

import numpy as np

from cadence_cue.live.child import LISTENER, ChildProcess, StartedProcess
from cadence_cue.live.input import HeardStep, Input, Span
from cadence_cue.live.output import Opened
from cadence_cue.live.player import Player
from cadence_cue.live.recovery import Backoff
from cadence_cue.live.room import Room

_OPENING, _HEARING = 10.0, 3.0  # seconds without a word from it after which it is lost

ZEROS = (
    "The microphone gives nothing but zeros: it is switched off, or this program may not use it "
    "(on a Mac: System Settings, Privacy & Security, Microphone)."
)
"""The notice of a microphone that gives nothing but zeros."""


class Microphone:
    """A microphone that is listened to for steps. Thread: one.

    A context manager: on leaving, the listener ends.
    """

    def __init__(
        self,
        wish: Input = Input(),  # noqa: B008 (frozen)
        player: Player | None = None,
    ) -> None:
        """Prepare to listen; `poll` has to be called about twenty times a second.

        What `player` plays is taken out of what is heard, if it can be.
        """
        self._wish, self._player = wish, player
        self._engine: int | None = None  # whose sound the listener follows
        self._process: ChildProcess | None = None
        self._due = 0.0  # when to try again, in seconds of time.monotonic
        self._last = 0.0  # when it last told something
        self._backoff = Backoff()
        self._lost = False  # and told so
        self.opened: Opened | None = None
        """The microphone that is open; None while none is."""
        self.heard: tuple[float, float] | None = None
        """From when to when all steps are known without a gap, in seconds of time.monotonic."""
        self.zeros = False
        """Whether it has given nothing but zeros for a second."""
        self.trouble = ""
        """Why no microphone is open, in words; "" while one is, or is being opened."""
        self.noise_db: float | None = None
        """The room's noise below full scale in decibels."""
        self.hidden: list[Span] = []
        """When, since the last poll, our own sound hid what there was, in s of time.monotonic."""
        self.room: Room | None = None
        """What was learnt of the room last, if that was asked for."""
        self.opened_times = 0
        """How often a microphone was opened: what is heard before and after is not compared."""
        self.notices: list[str] = []
        """Messages about the microphone so far, one sentence each."""

    def __enter__(self) -> Self:
        """Start to listen."""
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the listener."""
        self._end()

    def poll(self) -> list[HeardStep]:
        """Return the steps that were found since the last call, at seconds of time.monotonic.

        They come 0.4 to 0.8 s after they were heard.
        """
        self.hidden = []
        if self._process is None:
            if time.monotonic() >= self._due:
                self._start()
            return []
        if self._player and (shared := self._player.shared(self._engine)):
            self._engine = shared.engine
            about = {"output": shared.device, "rate": shared.rate}
            self._process.hand(shared.control, about)
        steps = []
        trouble, lasting = "", False
        for told in self._process.messages(0):
            self._last = time.monotonic()
            steps += self._take(told)
            if "error" in told:
                trouble, lasting = told["error"], told["lasting"]
        if not trouble and self._process.ended:
            trouble = f"the microphone's program ended ({self._process.fate})"
        if not trouble and time.monotonic() - self._last > (_HEARING if self.opened else _OPENING):
            trouble = "the microphone does not answer"
        if trouble:
            self._lose(trouble, lasting=lasting)
        return steps

    def _start(self) -> None:
        self._last, self._engine, self.trouble = time.monotonic(), None, ""
        try:
            self._process = ChildProcess(StartedProcess(LISTENER), {"input": asdict(self._wish)})
        except OSError as error:  # the computer is at its limits
            self._lose(f"the microphone's program cannot be started ({error.strerror})")

    def _take(self, told: dict[str, Any]) -> list[HeardStep]:
        if "opened" in told:
            self.opened = Opened(**told["opened"])
            self.opened_times += 1
            if self._lost:
                self.notices.append(f'Steps are heard again, through "{self.opened.device}".')
            self._lost, self._backoff = False, Backoff()
            self.zeros = False
            self._wish = replace(self._wish, record=None)  # what was recorded before a loss stays
        self.zeros = told.get("zeros", self.zeros)
        if self.zeros and ZEROS not in self.notices:
            self.notices.append(ZEROS)
        if "unrecorded" in told:
            self.notices.append(f"It is not recorded: {told['unrecorded']}. All else goes on.")
        self.heard = told.get("heard", self.heard)
        self.noise_db = told.get("noise_db", self.noise_db)
        self.hidden += (tuple(span) for span in told.get("hidden", ()))
        if "room" in told:
            response, left, delay = told["room"]
            self.room = Room(np.array(response), left, delay)
        return [HeardStep(*step) for step in told.get("steps", ())]

    def _lose(self, reason: str, *, lasting: bool = False) -> None:
        self._end()
        self.trouble = reason
        self._due = float("inf") if lasting else time.monotonic() + self._backoff.wait()
        if not self._lost:
            what = "Steps are no longer heard" if self.heard else "Steps are not heard"
            self.notices.append(f"{what}: {reason}. All else goes on.")
        self._lost = True

    def _end(self) -> None:
        if self._process:
            self._process.close()
        self._process = self.opened = None
