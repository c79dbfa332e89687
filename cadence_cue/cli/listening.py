"""Follows a performance while it plays: prints each line as it is heard, and handles the keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.manual import HINT, KEYS, LINE_ROWS, STEP_HELP, STEP_HINT, line_keys
from cadence_cue.cli.signals import INTERRUPTED, Ended
from cadence_cue.cli.tempo_line import TempoLine
from cadence_cue.cli.transcript import Transcript
from cadence_cue.coaching import pages
from cadence_cue.transport.actions import NO_DRILL
from cadence_cue.transport.tempo_control import Messages

if TYPE_CHECKING:
    from cadence_cue.cli.steps import Steps
    from cadence_cue.transport.transport import Transport

_POLL = 0.05  # seconds between two checks of the position and the keys


class Listening:
    """The printed lines and the keys of one performance that plays."""

    def __init__(self, transport: Transport, steps: Steps | None = None) -> None:
        self._transport = transport
        self._steps = steps
        self._on_keys = steps is not None and steps.on_keys
        self._tempo_line = TempoLine()
        self._transcript = Transcript(transport)
        self._noticed = [0, 0]  # of the sound's notices and the microphone's
        self._ended = False  # by a key
        self._asked = False  # whether to end
        ours = {"play.card": self._card, "play.end": self._end}
        table = STEP_HELP if self._on_keys else KEYS
        self._keys: dict[str, Callable[[], Messages]] = {"?": lambda: list(table)}
        for row in LINE_ROWS:
            for action, pressed in line_keys(row, steps=self._on_keys):
                do = partial(action.do, transport) if action.do else ours[action.name]
                self._keys |= dict.fromkeys(pressed, do)

    def run(self) -> None:
        """Print what is heard until the performance ends or the runner quits."""
        with keys() as reader:
            if reader.listening:
                self._say([STEP_HINT if self._on_keys else HINT])
            while True:
                self._poll()
                if self._transport.ended:
                    return
                for key in reader.next(_POLL):
                    if self._steps and self._steps.takes(key, reader.read_at):
                        continue
                    self._press(key)
                    if self._ended:
                        return
                if reader.suspended:
                    self._suspend(reader)

    def print_end(self) -> None:
        """Print how it ended, and how to continue."""
        if self._transport.ended:
            self._say(["Done."])
        else:
            at = self._transport.time
            at = "0:00" if at.startswith("-") else at
            self._say([f"Stopped at {at}; continue with --from {at}."])
        if times := self._transport.underruns:
            often = "once" if times == 1 else f"{times} times"
            shared.say(f"The sound stuttered {often}.", err=True)

    def _poll(self) -> None:
        sources = [self._transport.notices, self._steps.notices if self._steps else []]
        for number, notices in enumerate(sources):
            for notice in notices[self._noticed[number] :]:
                self._noticed[number] += 1
                self._tempo_line.hide()
                shared.say(notice, err=True)
                self._tempo_line.show()
        self._say(self._transport.poll())
        self._say(self._transcript.lines())
        if self._steps:
            self._say(self._steps.lines())

    def _press(self, key: str) -> None:
        if self._tempo_line.takes(key):
            if (tempo := self._tempo_line.press(key)) is not None:
                self._say(self._transport.set_tempo(tempo))
            return
        self._tempo_line.leave()
        asked, self._asked = self._asked, False
        if asked and key == "y":
            self._ended = True
        elif key in self._keys:
            self._say(self._keys[key]())

    def _say(self, lines: list[str]) -> None:
        if lines:
            self._tempo_line.hide()
            shared.say("\n".join(lines))
            self._tempo_line.show()

    def _card(self) -> Messages:
        """The instructions of the current drill, or of the next."""
        drill = self._transport.coming_drill
        return pages.drill(drill, self._transport.performance.library) if drill else [NO_DRILL]

    def _end(self) -> Messages:
        """Ask first, unless it is a plain beat."""
        self._ended = self._transport.plain
        self._asked = not self._ended
        others = "any other key but a step" if self._on_keys else "any other key"
        return [f"End it here? y ends it, {others} goes on."] if self._asked else []

    def _suspend(self, reader: Keys) -> None:
        """Pause while the program is suspended."""
        paused = self._transport.pause()
        self._say(paused)
        reader.suspend()
        if paused:
            self._say(self._transport.go_on())


def listen(transport: Transport, steps: Steps | None = None) -> int:
    """Follow what plays until it ends or the runner quits, and return the exit code.

    It is 0 unless Ctrl-C, a signal or the closed terminal ended it. With `steps` those are scored.
    """
    listening = Listening(transport, steps)
    code = 0
    try:
        listening.run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Ended as ended:
        code = ended.code
    if code:
        shared.say("")
    listening.print_end()
    return code
