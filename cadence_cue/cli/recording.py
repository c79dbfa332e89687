"""Records the missing lines of a session from the microphone, one after the other."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue import storage
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.cli.ways_out import worded
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.voice.line_takes import Takes
    from cadence_cue.app.voice.recorded_lines import Line
    from cadence_cue.coaching.drill import Library
    from cadence_cue.live.player import Player
    from cadence_cue.live.recorder import Samples

_POLL = 0.05


def record_missing(
    lines: Sequence[Line], folder: Path, library: Library, settings: Settings
) -> None:
    """Record each line that is missing into a folder; what was kept stays, whenever one leaves."""
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.app.voice.line_takes import Takes

    missing = [line for line in lines if not line.there]
    if not missing:
        shared.say("Every line is recorded.")
        return
    if not Keys().listening:
        shared.refuse("recording needs a terminal for its keys")
    shared.say("Enter counts in from three and records; any key ends the take, and you hear it.")
    kept = 0
    with (
        storage.temporary_folder() as tried,
        DeviceOptions().player(settings) as player,
        keys() as reader,
    ):
        takes = Takes(library, settings, tried, folder)
        for number, line in enumerate(missing, 1):
            shared.say(f"\n{number} of {len(missing)}: {line.text}")
            pressed = _choose(reader, "Enter record, s skip, q leave", ("enter", "s", "q"))
            if pressed == "enter":
                pressed = _takes(line, takes, player, reader, settings)
            if pressed == "q":
                break
            kept += pressed == "k"
    shared.say(f"{kept} recorded in {folder}. Missing still: {len(missing) - kept}.")


def _takes(line: Line, takes: Takes, player: Player, reader: Keys, settings: Settings) -> str:
    """Record a line until a take is kept, and return the last key: k, s or q."""
    from cadence_cue.live.output import NoSoundError

    while True:
        usable = False
        try:
            takes.write(line, _recorded(reader, settings.microphone))
        except NoSoundError as error:
            told = f"Nothing was recorded: {error}."
            if error.lasting:
                raise UserError(told) from None
            shared.notice(told)
        else:
            usable = _hear(line, takes, player, settings)
        while True:
            words = "k keep, h hear again, r redo, s skip, q leave"
            known = ("k", "h", "r", "s", "q") if usable else ("r", "s", "q")
            pressed = _choose(reader, words if usable else "r redo, s skip, q leave", known)
            if pressed != "h":
                break
            _hear(line, takes, player, settings)
        if pressed == "k":
            takes.keep(line)
        if pressed != "r":
            return pressed


def _recorded(reader: Keys, microphone: str) -> Samples:
    """Count in, record until a key is pressed, and return the samples."""
    from cadence_cue.app.voice.line_takes import COUNT, LONGEST
    from cadence_cue.live.recorder import Recorder

    with Recorder(microphone or None) as recorder:  # it is open before the count ends
        for number in (3, 2, 1):
            click.echo(f"{number} ", nl=False)
            time.sleep(COUNT)
        while reader.next(0):
            pass  # typed ahead
        recorder.forget()
        click.echo("● speak ", nl=False)
        until = time.monotonic() + LONGEST
        while not reader.next(_POLL) and time.monotonic() < until:
            pass
        click.echo()
        return recorder.stop()


def _hear(line: Line, takes: Takes, player: Player, settings: Settings) -> bool:
    """Play a take as a session would; return whether it can be used, and say why not."""
    from cadence_cue.app.voice.audition import Playback
    from cadence_cue.app.voice.line_takes import UNHEARD

    try:
        performance = takes.heard(line, player.rate)
    except UserError as error:
        shared.say(worded(error))
        return False
    for doubt in performance.cast.doubts:
        shared.say(doubt)
    if player.silent:
        shared.notice(UNHEARD)
        return True
    playback = Playback()
    playback.start(performance, player, settings)
    while not playback.poll():
        time.sleep(_POLL)
    return True


def _choose(reader: Keys, words: str, known: Collection[str]) -> str:
    """Show what keys do, and return the first of them that is pressed."""
    shared.say(words)
    while reader.listening:
        for pressed in reader.next(_POLL):
            if pressed.lower() in known:
                return pressed.lower()
        if reader.suspended:
            reader.suspend()
            reader.take()
    raise SystemExit(INTERRUPTED)  # the terminal is gone
