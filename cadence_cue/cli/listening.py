"""Plays a performance with its keys, and tells it, line by line, as it is heard."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.manual import HINT, KEYS
from cadence_cue.cli.tempo_entry import TempoEntry
from cadence_cue.cli.transcript import Transcript
from cadence_cue.transport.levels import KNOBS, next_knob
from cadence_cue.transport.tempo_control import Messages

if TYPE_CHECKING:
    from cadence_cue.transport.transport import Transport

_LOOK = 0.05  # seconds between two looks at the position and the keys
_STEP_DB = 2.0
_STEP, _LEAP = Fraction(1), Fraction(5)  # beats a minute
_SHIFT = Fraction(5, 1000)  # seconds


class Listening:
    """One playing of a performance: what was told of it, and what each key does."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._typed = TempoEntry()
        self._heard = Transcript(transport)
        self._noticed = 0
        self._knob = KNOBS[0]
        self._keys: dict[str, Callable[[], Messages]] = {
            " ": self._pause_or_go_on,
            "n": transport.next,
            "right": transport.next,
            "p": transport.previous,
            "left": transport.previous,
            "up": lambda: transport.nudge(_STEP),
            "down": lambda: transport.nudge(-_STEP),
            "shift-up": lambda: transport.nudge(_LEAP),
            "shift-down": lambda: transport.nudge(-_LEAP),
            "t": transport.tap,
            "o": transport.to_own_cadence,
            ",": lambda: transport.shift(-_SHIFT),
            ".": lambda: transport.shift(_SHIFT),
            "h": transport.half,
            "d": transport.double,
            "w": transport.wait,
            "m": lambda: transport.mute("beat"),
            "v": lambda: transport.mute("voice"),
            "u": lambda: transport.mute("music"),
            "+": lambda: transport.volume(_STEP_DB, self._knob),
            "=": lambda: transport.volume(_STEP_DB, self._knob),
            "-": lambda: transport.volume(-_STEP_DB, self._knob),
            "\t": self._other_knob,
            "?": lambda: list(KEYS),
        }

    def run(self) -> None:
        """Tell what is played to its end, or until the runner quits."""
        with keys() as reader:
            if reader.listening:
                self._say([HINT])
            while True:
                self._look()
                if self._transport.ended:
                    return
                for key in reader.next(_LOOK):
                    if key == "q":
                        self._typed.leave()
                        return
                    self._press(key)
                if reader.suspended:
                    self._suspend(reader)

    def tell_end(self) -> None:
        """Say how it ended."""
        if self._transport.ended:
            self._say(["Done."])
        else:
            at = self._transport.time
            at = "0:00" if at.startswith("-") else at
            self._say([f"Stopped at {at}; --from {at} goes on there."])
        if times := self._transport.underruns:
            often = "once" if times == 1 else f"{times} times"
            click.echo(f"The device ran dry {often} on the way.", err=True)

    def _look(self) -> None:
        for notice in self._transport.notices[self._noticed :]:
            self._noticed += 1
            self._typed.hide()
            click.echo(notice, err=True)
            self._typed.show()
        self._say(self._transport.poll())
        self._say(self._heard.lines())

    def _press(self, key: str) -> None:
        if self._typed.takes(key):
            if (tempo := self._typed.press(key)) is not None:
                self._say(self._transport.set_tempo(tempo))
            return
        self._typed.leave()
        if key in self._keys:
            self._say(self._keys[key]())

    def _say(self, lines: list[str]) -> None:
        if lines:
            self._typed.hide()
            click.echo("\n".join(lines))
            self._typed.show()

    def _pause_or_go_on(self) -> Messages:
        return self._transport.pause() or self._transport.go_on()

    def _other_knob(self) -> Messages:
        self._knob, told = next_knob(self._knob, self._transport.knobs)
        return [told]

    def _suspend(self, reader: Keys) -> None:
        """Be silent while the program is stopped, and go on with it."""
        paused = self._transport.pause()
        self._say(paused)
        reader.suspend()
        if paused:
            self._say(self._transport.go_on())


def listen(transport: Transport) -> bool:
    """Follow what plays to its end, or until the runner quits; whether Ctrl-C ended it."""
    listening = Listening(transport)
    interrupted = False
    try:
        listening.run()
    except KeyboardInterrupt:
        interrupted = True
        click.echo("")
    listening.tell_end()
    return interrupted
