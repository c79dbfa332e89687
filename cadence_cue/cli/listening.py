"""Plays a performance and tells it, line by line, as it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cadence_cue.cli.ending import INTERRUPTED
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.options import phase_at
from cadence_cue.cli.telling import phase_line
from cadence_cue.coaching.pages import clock
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.timing.timeline import Bus

if TYPE_CHECKING:
    from cadence_cue.cli.options import Begun, Chosen
    from cadence_cue.settings import Settings
    from cadence_cue.studio import Performance
    from cadence_cue.timing.timeline import Timeline

HELP = "space pause · n next · p previous · b beat · v voice · + - volume · q quit"
_LOOK = 0.05  # seconds between two looks at the position and the keys
_PREVIOUS = 3  # seconds into a phase up to which "previous" means the one before
_STEP_DB = 2.0
_QUIETEST_DB = -60.0


class Listening:
    """One playing of a performance: its player, what was told, and what the keys do."""

    def __init__(
        self, performance: Performance, settings: Settings, chosen: Chosen, player: Player
    ) -> None:
        self.performance = performance
        self.player = player
        self.finished = False
        self._settings = settings
        self._volume = settings.volume
        self._muted = {
            key for key, wanted in (("b", chosen.beat), ("v", chosen.voice)) if not wanted
        }
        self._notice = ""
        self._paused = False
        self._marks = performance.timeline.marks

    def run(self, start: Begun) -> None:
        """Play to the end, or until the runner quits."""
        self.player.load(self.performance.beats, self.performance.voice)
        self._set_levels()
        self._play(start.timeline, start.phase)
        with keys() as reader:
            if reader.listening:
                click.echo(HELP)
            while not self.finished:
                self._tell()
                for key in reader.next(_LOOK):
                    if key == "q":
                        return
                    self._press(key)
                if reader.suspended:
                    self._suspend(reader)

    def _play(self, timeline: Timeline, phase: int) -> None:
        """Play a timeline that leads into a phase, given by its index."""
        self._paused = False
        self._begun = timeline.start
        self._aimed = phase
        self._generation = self.player.play(timeline)
        self._lines = sorted(self._upcoming(timeline))

    def _upcoming(self, timeline: Timeline) -> list[tuple[int, int, str]]:
        lines = [
            (mark.start, 0, phase_line(mark, timeline))
            for mark in timeline.marks
            if mark.index >= self._aimed
        ]
        lines += [
            (event.frame, 1, f'       "{event.sound}"')
            for event in timeline
            if event.bus is Bus.VOICE and self.performance.wishes.speaks
        ]
        return lines

    def _tell(self) -> None:
        if self.player.notice != self._notice:
            self._notice = self.player.notice
            click.echo(self._notice, err=True)
        position = self.player.position
        if position.generation != self._generation:
            return
        while self._lines and self._lines[0][0] <= position.frame:
            frame, _, line = self._lines.pop(0)
            click.echo(f"{self._clock(frame)}  {line}")
        if position.state is State.FINISHED:
            self.finished = True

    def tell_end(self) -> None:
        """Say how it ended."""
        if self.finished:
            click.echo("Done.")
        else:
            at = self._clock(max(self.heard, self._marks[0].start)).strip()
            click.echo(f"Stopped at {at}; --from {at} goes on there.")

    def _clock(self, frame: int) -> str:
        seconds = round((frame - self._marks[0].start) / self.performance.wishes.rate)
        return f"{'-' if seconds < 0 else ' '}{clock(abs(seconds)):>5}"

    @property
    def heard(self) -> int:
        """The frame being heard; after a jump where it leads, also before that is heard."""
        position = self.player.position
        return position.frame if position.generation == self._generation else self._begun

    def _phase(self) -> int:
        """The index of the phase that is heard, or led into; -1 before the first."""
        return max(self._aimed, phase_at(self.performance.timeline, self.heard))

    def _press(self, key: str) -> None:
        match key:
            case " ":
                self._pause_or_go_on()
            case "n":
                self._next()
            case "p":
                self._previous()
            case "b":
                self._mute(key, "beat")
            case "v" if self.performance.wishes.speaks:
                self._mute(key, "voice")
            case "v":
                click.echo("this was begun without a voice")
            case "+" | "=" | "-":
                step = -_STEP_DB if key == "-" else _STEP_DB
                self._volume = min(max(self._volume + step, _QUIETEST_DB), 0.0)
                self._set_levels()
                click.echo(f"volume {self._volume:g} dB")

    def _pause_or_go_on(self) -> None:
        if self._paused:
            click.echo(f"going on from {self._clock(self.heard).strip()}")
            self._play(self.performance.entered(self.heard), self._phase())
        else:
            self.player.pause()
            self._paused = True
            click.echo("paused; space goes on")

    def _suspend(self, reader: Keys) -> None:
        """Be silent while the program is stopped, and go on with it."""
        if self._paused:
            reader.suspend()
            return
        self._pause_or_go_on()
        reader.suspend()
        self._pause_or_go_on()

    def _next(self) -> None:
        phase = self._phase() + 1
        if phase < len(self._marks):
            self._jump(phase)
        else:
            click.echo("this is the last phase")

    def _previous(self) -> None:
        phase = max(self._phase(), 0)
        into = self.heard - self._marks[phase].start
        self._jump(phase if into > _PREVIOUS * self.performance.wishes.rate else max(phase - 1, 0))

    def _jump(self, phase: int) -> None:
        click.echo(f"to {self._marks[phase].title}")
        self._play(self.performance.entered(self._marks[phase].entry), phase)

    def _mute(self, key: str, name: str) -> None:
        self._muted ^= {key}
        self._set_levels()
        click.echo(f"{name} {'off' if key in self._muted else 'on'}")

    def _set_levels(self) -> None:
        def gain(level: float) -> float:
            return float(10 ** (level / 20))

        self.player.level(
            beat=0.0 if "b" in self._muted else gain(self._settings.beat_level),
            voice=0.0 if "v" in self._muted else gain(self._settings.voice_level),
            overall=gain(self._volume),
        )


def listen(
    performance: Performance,
    settings: Settings,
    chosen: Chosen,
    device: str | None,
    start: Begun,
) -> bool:
    """Play a performance; whether it was heard, with sound, to its end."""
    with Player(performance.wishes.rate, device=device or settings.device or None) as player:
        listening = Listening(performance, settings, chosen, player)
        try:
            listening.run(start)
        except KeyboardInterrupt:
            click.echo("")
            listening.tell_end()
            raise SystemExit(INTERRUPTED) from None
        listening.tell_end()
        return listening.finished and not player.silent
