"""Scoring while something plays: what is checked before, and what is shown and kept after."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cadence_cue.app.choices import FROM_KEYS, FROM_MICROPHONE
from cadence_cue.app.invocation import command
from cadence_cue.cli import shared
from cadence_cue.cli.options import ListenOptions
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from cadence_cue.app.score.live import LiveScore
    from cadence_cue.app.settings import Settings
    from cadence_cue.cli.steps import Steps
    from cadence_cue.live.player import Player
    from cadence_cue.transport.transport import Transport


def check_listening(options: ListenOptions) -> bool:
    """Refuse what cannot be listened to; return whether the score file may be replaced."""
    if options.by is None:
        if options.score_file or options.speaks:
            shared.refuse(
                "--score-file and --speak-score need steps: add --listen keys or --listen mic"
            )
    elif options.by == FROM_KEYS and (sys.stdin is None or not sys.stdin.isatty()):
        shared.refuse(
            "--listen keys needs a terminal that sends the keys; without one, score your taps to a "
            f"track that you exported: {command('score TRACK --taps FILE')}"
        )
    if options.by != FROM_MICROPHONE and (options.microphone or options.record):
        shared.refuse("--microphone and --record are for --listen mic")
    if options.record:
        _may_replace(options.record)
    return options.score_file is not None and _may_replace(options.score_file)


def _may_replace(target: Path) -> bool:
    """Return whether a file is there that may be replaced; refuse if it may not be written."""
    from cadence_cue.export.target import check_place

    force = shared.may_replace(target, force=False)
    if target.is_file() and not force:
        raise UserError("exists already", where=target, way_out="name another file")
    check_place(target, force=force)
    return force


def refuse_listening(options: ListenOptions) -> None:
    """Refuse to listen while a track is written."""
    if options.given:
        shared.refuse(
            "--listen and its options are for playing: leave out -o, or score your steps "
            f"to the track afterwards: {command('score TRACK --taps FILE')}"
        )


@contextmanager
def scored(
    options: ListenOptions, transport: Transport, player: Player, settings: Settings
) -> Iterator[Steps | None]:
    """Yield what scores the steps on a performance that plays; None if nothing is listened to."""
    if options.by is None:
        yield None
        return
    from cadence_cue.app.score import hearing
    from cadence_cue.app.score.key_steps import KeySteps
    from cadence_cue.app.score.live import LiveScore
    from cadence_cue.cli.steps import Steps

    by_microphone = options.by == FROM_MICROPHONE
    if what := hearing.unmeasured(player, settings, by_microphone=by_microphone):
        measure = command(f"calibrate --{'microphone' if by_microphone else 'keys'}")
        shared.notice(f"To know how late {what}: {measure}")
    score = LiveScore(transport.performance.session, hearing.key_source(player, settings))
    if not by_microphone:
        yield Steps(transport, score, KeySteps(score, transport), speaks=options.speaks)
        return
    record = str(options.record) if options.record else None
    with hearing.microphone(player, settings, options.microphone, record) as microphone:
        heard = hearing.Hearing(score, transport, player, microphone, settings)
        yield Steps(transport, score, heard, speaks=options.speaks)
        heard.finish()


def end_scoring(score: LiveScore, options: ListenOptions, *, force: bool) -> None:
    """Show a score, add it to the log, and write its file if there is to be one."""
    from cadence_cue.app.score.data import write_score
    from cadence_cue.app.score.lines import score_lines

    found = score.end()
    shared.say("\n".join(["", *score_lines(found)]))
    shared.keep_score(found)
    if options.score_file:
        write_score(found, options.score_file, force=force)
