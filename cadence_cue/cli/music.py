"""The options for the runner's own music, and its preparation with a progress bar."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cadence_cue.app.options import MusicOptions
from cadence_cue.cli import shared
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.coaching import values
from cadence_cue.coaching.model import Music

if TYPE_CHECKING:
    from cadence_cue.coaching.model import Session
    from cadence_cue.music.preparing import PreparedMusic
    from cadence_cue.studio import Performance


def _level(typed: object) -> float:
    """Read a level as in a session's file, or a number of dB without the unit."""
    bare = isinstance(typed, str) and typed[-1:].isdigit()
    return values.level(f"{typed} dB" if bare else typed)


_OPTIONS = (
    click.option("--music", type=click.Path(path_type=Path), metavar="FILE|FOLDER",
                 help="Your own music, a podcast or a playlist, in the background."),
    click.option("--music-level", type=shared.Written("level", _level), metavar='"-6 dB"',
                 help="Turn the music down."),
    click.option("--music-shuffle", is_flag=True, help="Shuffle the files of a folder."),
    click.option("--loop", "music_loop", is_flag=True,
                 help="Start a single file of music again at its end, as a folder does."),
)  # fmt: skip


def music_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the music to a command, as one parameter `music`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        music: Path | None,
        music_level: str | None,
        music_shuffle: bool,
        music_loop: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        level = _level(music_level) if music_level else None
        command(*args, music=MusicOptions(music, level, music_shuffle, music_loop), **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def chosen_music(options: MusicOptions, session: Session) -> Music | None:
    """Return the music to play with a session; refuse its options without music."""
    music = options.music_for(session)
    if music is None and (options.level is not None or options.shuffle or options.loop):
        shared.refuse(
            "--music-level, --music-shuffle and --loop need music: add --music FILE|FOLDER"
        )
    return music


def prepare_music(music: Music, performance: Performance, *, quiet: bool = False) -> PreparedMusic:
    """Prepare the music for a performance, with a progress bar unless `quiet`, and tell of it."""
    from cadence_cue.app.music import prepared_music

    try:
        if quiet:
            prepared = prepared_music(music, performance)
        else:
            with shared.bar("Preparing the music") as progress:
                prepared = prepared_music(music, performance, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; the music was not prepared.")
        raise SystemExit(INTERRUPTED) from None
    for note in prepared.notes:
        shared.notice(note)
    way_out = " To start it again: --loop" if prepared.ends_early else ""
    shared.notice(f"{prepared.summary}{way_out}")
    return prepared
