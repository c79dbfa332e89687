"""Plays a performance and tells it, line by line, as it is heard."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.cli.keys import keys
from cadence_cue.cli.telling import phase_line
from cadence_cue.live.control import State
from cadence_cue.live.player import Player
from cadence_cue.timing.timeline import Bus

if TYPE_CHECKING:
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

    def __init__(self, performance: Performance, settings: Settings, player: Player) -> None:
        self.performance = performance
        self.player = player
        self.finished = False
        self._volume, self._beat, self._voice = (
            settings.volume,
            settings.beat_level,
            settings.voice_level,
        )
        self._muted: set[str] = set()
        self._told = -(1 << 60)
        self._notice = ""
        self._paused = False
        self._zero = performance.timeline.marks[0].start

    def run(self, timeline: Timeline) -> None:
        """Play to the end, or until the runner quits."""
        self.player.load(self.performance.beats, self.performance.voice)
        self._set_levels()
        self._play(timeline)
        with keys() as reader:
            if reader.listening:
                click.echo(HELP)
            while not self.finished:
                self._tell()
                key = reader.next(_LOOK)
                if key == "q":
                    return
                if key:
                    self._press(key)

    def _play(self, timeline: Timeline) -> None:
        self._paused = False
        self._generation = self.player.play(timeline)
        self._lines = sorted(self._upcoming(timeline))
        self._told = timeline.start - 1

    def _upcoming(self, timeline: Timeline) -> list[tuple[int, int, str]]:
        lines = [
            (mark.start, 0, phase_line(mark, timeline))
            for mark in timeline.marks
            if mark.start + mark.frames > timeline.start
        ]
        lines += [
            (event.frame, 1, f'       "{event.sound}"')
            for event in timeline
            if event.bus is Bus.VOICE
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

    def _clock(self, frame: int) -> str:
        seconds = round((frame - self._zero) / self.performance.wishes.rate)
        minutes, rest = divmod(abs(seconds), 60)
        return f"{'-' if seconds < 0 else ' '}{minutes:2d}:{rest:02d}"

    def _press(self, key: str) -> None:
        match key:
            case " ":
                self._pause_or_go_on()
            case "n" | "right":
                self._jump(1)
            case "p" | "left":
                self._jump(-1)
            case "b" | "v":
                self._muted ^= {key}
                self._set_levels()
                word = "off" if key in self._muted else "on"
                click.echo(f"{'beat' if key == 'b' else 'voice'} {word}")
            case "+" | "=" | "-":
                step = -_STEP_DB if key == "-" else _STEP_DB
                self._volume = min(max(self._volume + step, _QUIETEST_DB), 0.0)
                self._set_levels()
                click.echo(f"volume {self._volume:g} dB")

    def _pause_or_go_on(self) -> None:
        if self._paused:
            click.echo("going on")
            self._play(self.performance.entered(self.player.heard))
        else:
            self.player.pause()
            self._paused = True
            click.echo("paused; space goes on")

    def _jump(self, direction: int) -> None:
        marks = self.performance.timeline.marks
        heard = self.player.heard
        current = sum(mark.start <= heard for mark in marks) - 1
        if direction < 0 and current >= 0:
            into = heard - marks[current].start
            if into > _PREVIOUS * self.performance.wishes.rate:
                direction = 0
        target = max(current + direction, 0)
        if target < len(marks):
            self._play(self.performance.entered(marks[target].entry))
        else:
            click.echo("this is the last phase")

    def _set_levels(self) -> None:
        def gain(level: float) -> float:
            return float(10 ** (level / 20))

        self.player.level(
            beat=0.0 if "b" in self._muted else gain(self._beat),
            voice=0.0 if "v" in self._muted else gain(self._voice),
            overall=gain(self._volume),
        )


def listen(
    performance: Performance, settings: Settings, device: str | None, timeline: Timeline
) -> bool:
    """Play a timeline of a performance; whether it was heard to its end."""
    with Player(performance.wishes.rate, device=device or settings.device or None) as player:
        listening = Listening(performance, settings, player)
        try:
            listening.run(timeline)
        except KeyboardInterrupt:
            click.echo("")
        if not listening.finished:
            seconds = Fraction(player.heard - timeline.marks[0].start, timeline.rate)
            minutes, rest = divmod(max(int(seconds), 0), 60)
            click.echo(f"Stopped at {minutes}:{rest:02d}.")
        return listening.finished
