"""The options for the runner's own music, and its preparation with a progress bar."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cadence_cue.app.options import MusicOptions
from cadence_cue.cli import shared
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.coaching import values
from cadence_cue.coaching.session import LOUDEST_MUSIC, MATCH_LIMIT, Music

if TYPE_CHECKING:
    from cadence_cue.app.music.songs import Song
    from cadence_cue.coaching.session import Session
    from cadence_cue.music.pieces import Pieces
    from cadence_cue.music.ready import Progress
    from cadence_cue.studio import Performance
    from cadence_cue.transport.following import Ready


def _level(typed: object) -> float:
    """Read a level as in a session's file, or a number of dB without the unit."""
    bare = isinstance(typed, str) and typed[-1:].isdigit()
    return values.level(f"{typed} dB" if bare else typed, most=LOUDEST_MUSIC)


_OPTIONS = (
    click.option("--music", type=click.Path(path_type=Path), metavar="FILE|FOLDER",
                 help="Your own music, a podcast or a playlist, in the background."),
    click.option("--music-level", type=shared.Written("level", _level), metavar='"-6 dB"',
                 help="Turn the music down, or up by 6 dB at most."),
    click.option("--music-shuffle", is_flag=True, help="Shuffle the files of a folder."),
    click.option("--loop", "music_loop", is_flag=True,
                 help="Start a single file of music again at its end, as a folder does."),
    click.option("--hold", "music_hold", is_flag=True,
                 help="Hold a podcast in its pauses for what is said."),
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
        music_hold: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        level = _level(music_level) if music_level else None
        chosen = MusicOptions(music, level, music_shuffle, music_loop, hold=music_hold)
        command(*args, music=chosen, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


_OF_MATCHED = ("match_limit", "music_order", "music_in_drills", "music_off_beat", "fade_click")
_OF_MUSIC = ("music_level", "music_shuffle", "music_loop", "music_hold", "match", *_OF_MATCHED)

_LIMITS = (1.0, 15.0)  # per cent

match_limit_option = click.option(
    "--match-limit", type=click.FloatRange(*_LIMITS), metavar="PERCENT",
    default=MATCH_LIMIT, show_default=True, help="Stretch music by no more than this.",
)  # fmt: skip
"""The option for how far music may be stretched."""

_MATCHING = (
    click.option("--match", is_flag=True,
                 help="Stretch the music so that its beats fall on those of your runs."),
    match_limit_option,
    click.option("--music-order", type=click.Choice(("named", "best")), default="named",
                 help="With --match: as named, or what is stretched least first."),
    click.option("--music-in-drills", is_flag=True,
                 help="With --match: play music in drills too, at its own tempo."),
    click.option("--music-off-beat", is_flag=True,
                 help="With --match: go on where a run's click is silent."),
    click.option("--fade-click", is_flag=True,
                 help="With --match: let the click lead into each piece, then fade."),
)  # fmt: skip


def matching_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of matching to a command that has the options of the music."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        music: MusicOptions,
        match: bool,
        match_limit: float,
        music_order: str,
        music_in_drills: bool,
        music_off_beat: bool,
        fade_click: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        matched = replace(
            music,
            match=match,
            match_limit=match_limit,
            best_first=music_order == "best",
            in_drills=music_in_drills,
            off_beat=music_off_beat,
            fade_click=fade_click,
        )
        command(*args, music=matched, **kwargs)

    for option in reversed(_MATCHING):
        gathered = option(gathered)
    return gathered


def chosen_music(options: MusicOptions, session: Session) -> Music | None:
    """Return the music to play with a session; refuse its options without music."""
    music = options.music_for(session)
    if music is None and (given := _given(_OF_MUSIC)):
        shared.refuse(f"there is no music for {given}: add --music FILE|FOLDER")
    if music and music.match and music.hold:
        shared.refuse("--hold is for a talk, and not for music that is matched to the beat")
    if music and not music.match and (given := _given(_OF_MATCHED)):
        shared.refuse(f"there is no music on the beat for {given}: add --match")
    return music


def _given(names: Container[str]) -> str:
    """Return those options that were given, of those that have these names as parameters."""
    context = click.get_current_context()
    return ", ".join(
        each.opts[0]
        for each in context.command.params
        if each.name in names
        and context.get_parameter_source(each.name) is ParameterSource.COMMANDLINE
    )


def heard_songs(pieces: Pieces) -> list[Song]:
    """Return the songs with their beats, found with a progress bar where they are not known."""
    from cadence_cue.app.music.songs import songs_of

    shown: list[Callable[[float], None]] = []
    try:
        with ExitStack() as bars:

            def progress(share: float) -> None:
                if not shown:
                    shown.append(bars.enter_context(shared.bar("Listening to the music")))
                shown[0](share)

            return songs_of(pieces, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; what was heard so far is kept.")
        raise SystemExit(INTERRUPTED) from None


def prepare_music(
    music: Music,
    performance: Performance,
    prepare: Callable[[Music, Performance, Progress], Ready],
    *,
    quiet: bool = False,
) -> Ready:
    """Prepare the music for a performance, with a progress bar unless `quiet`, and tell of it."""
    try:
        if quiet:
            prepared = prepare(music, performance, lambda _: None)
        else:
            with shared.bar("Preparing the music") as progress:
                prepared = prepare(music, performance, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; the music was not prepared.")
        raise SystemExit(INTERRUPTED) from None
    for note in prepared.notes:
        shared.notice(note)
    way_out = " To start it again: --loop" if prepared.ends_early else ""
    shared.notice(f"{prepared.summary}{way_out}")
    return prepared
