"""Commands about speech: say, lines, voice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.options import FileOptions, PerformanceOptions, expanded
from cadence_cue.app.sessions import session_store
from cadence_cue.cli import shared
from cadence_cue.cli.options import SPEAKERS, Command, device_options, speaking
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.coaching import values
from cadence_cue.errors import UserError, WayOut, printable

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.voice.recorded_lines import Line
    from cadence_cue.studio import Performance

_POLL = 0.05  # seconds between two checks of the player
_TEMPO = shared.Written("tempo", values.pace)


def _speakers(command: Command) -> Command:
    for option in reversed(SPEAKERS):
        command = option(command)
    return command


@click.command("say")
@click.argument("text")
@click.option(
    "-o",
    "output",
    type=shared.NEW_FILE,
    metavar="FILE",
    help="Write a file instead of playing.",
)
@click.option("--on-beat", "tempo", type=_TEMPO, metavar="BPM", help="Speak it over a beat: 172.")
@click.option("--spoken", metavar="TEXT", help="Spell it as the voice should say it.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@_speakers
@device_options
@shared.plain_errors
def say_command(
    text: str,
    output: Path | None,
    tempo: str | None,
    spoken: str | None,
    force: bool,
    voice: str | None,
    sounds: Path | None,
    device: DeviceOptions,
) -> None:
    """Hear one cue as a session would speak it, on its own or over a beat."""
    from cadence_cue.app.tracks.export_job import timeline_job
    from cadence_cue.app.voice.audition import Playback, Text, audition, heard
    from cadence_cue.export.writer import check_target
    from cadence_cue.timing import RATE

    if output:
        force = shared.may_replace(output, force=force)
        check_target(output, RATE, force=force)
    settings, library = shared.load_settings(), shared.get_library(quiet=True)
    said = Text(text, spoken or "", tempo)
    options = PerformanceOptions(voice=voice, sounds=sounds)
    if output:
        with speaking() as progress:
            performance = audition(said, library, settings, options, live=False, progress=progress)
        _show_doubts(performance)
        files = FileOptions(force=force)
        job = timeline_job(performance, heard(performance), output, files=files)
        shared.say(job.write(lambda _: None))
        return
    with device.player(settings) as player:
        with speaking() as progress:
            performance = audition(
                said, library, settings, options, rate=player.rate, progress=progress
            )
        _show_doubts(performance)
        playback = Playback()
        playback.start(performance, player, settings)
        try:
            while not playback.poll():
                time.sleep(_POLL)
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        if player.silent:
            shared.notice("Nothing could be heard: no sound device. Write it to a file with -o.")


def _show_doubts(performance: Performance) -> None:
    for doubt in performance.cast.doubts:
        shared.notice(doubt)


@click.command("lines")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option(
    "-o",
    "output",
    type=shared.NEW_FILE,
    metavar="FILE",
    help="Write the list to a text file.",
)
@click.option(
    "--sounds",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your folder of recordings; those in it are marked.",
)
@click.option("--record", is_flag=True, help="Record what is missing from your microphone.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@shared.plain_errors
def lines_command(
    name: str, output: Path | None, sounds: Path | None, *, record: bool, force: bool
) -> None:
    """List each text that a session speaks, with the file name for your recording.

    Any format will do: "pull-the-heel-up.wav", ".m4a", ".mp3". Then play with --sounds DIR; the
    voice speaks what you did not record. --record takes each missing line from your microphone: it
    counts in, lets you hear it as a session will play it, and keeps it or records it again.
    """
    from cadence_cue import storage
    from cadence_cue.app.voice.recorded_lines import sheet
    from cadence_cue.cli.recording import record_missing

    if record and output:
        shared.refuse("give one of -o and --record")
    if output and output.exists() and not force:
        raise UserError("exists already", where=output, way_out=WayOut.REPLACE)
    library = shared.get_library()
    session = session_store.find(name, library)
    settings = shared.load_settings()
    if record:
        folder = _folder(sounds, settings)
        found = sheet(session, library, settings, shared.practices(), folder)
        record_missing(found.lines, folder, library, settings)
        return
    found = sheet(session, library, settings, shared.practices(), sounds)
    lines = [_line(line, marked=found.folder is not None) for line in found.lines]
    text = "".join(f"{line}\n" for line in lines)
    if output:
        storage.write(output.absolute(), text)
    else:
        shared.say(text.removesuffix("\n"))
    for sentence in found.faults:
        shared.notice(sentence)
    if found.folder:
        count = f"{found.recorded} of {len(lines)}"
        shared.notice(f"{count} are recorded in {printable(str(found.folder))}.")


def _folder(sounds: Path | None, settings: Settings) -> Path:
    """Return the folder of the runner's recordings, which is created. Raises OSError."""
    if sounds is None and not settings.sounds:
        shared.refuse("say where your recordings are kept: --sounds FOLDER")
    folder = expanded(sounds or Path(settings.sounds))
    folder.mkdir(exist_ok=True)
    return folder


def _line(line: Line, *, marked: bool) -> str:
    mark = ("[x] " if line.there else "[ ] ") if marked else ""
    return f"{mark}{printable(line.name):<40}  {printable(line.text)}"


@click.command("voice")
@click.argument("what", type=click.Choice(["cache"]))
@click.option("--clear", is_flag=True, help="Delete it; anything needed again is made again.")
@shared.plain_errors
def voice_command(what: str, *, clear: bool) -> None:  # noqa: ARG001 - so far there is only one
    """Show or clear cached speech and prepared recordings."""
    from cadence_cue.app.settings import cache_folder
    from cadence_cue.voice.cache import Cache

    folder = cache_folder()
    if folder is None:
        shared.refuse("nothing can be kept without a home folder; set HOME")
    cache = Cache(folder)
    entries = cache.entries()
    size = sum(path.stat().st_size for path in entries) / 1e6
    clips = f"{len(entries)} {'clip' if len(entries) == 1 else 'clips'}, {size:.1f} MB"
    if clear:
        cache.clear()
        shared.say(f"{printable(str(folder))}: {clips} deleted")
    else:
        shared.say(f"{printable(str(folder))}: {clips}")
