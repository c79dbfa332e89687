"""Scoring while something plays: what is checked before, and what is shown and kept after."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cadence_cue.app.invocation import command
from cadence_cue.cli import shared
from cadence_cue.cli.options import ListenOptions

if TYPE_CHECKING:
    from cadence_cue.app.live_score import LiveScore
    from cadence_cue.coaching.model import Session


def check_listening(options: ListenOptions) -> bool:
    """Refuse what cannot be listened to; return whether the score file may be replaced."""
    from cadence_cue.export.target import check_place

    if options.by is None:
        if options.given:
            shared.refuse("--score-file and --speak-score need steps: add --listen keys")
        return False
    if sys.stdin is None or not sys.stdin.isatty():
        shared.refuse(
            "--listen keys needs a terminal that sends the keys; without one, score the taps of an "
            f"exported track: {command('score --help')}"
        )
    if options.score_file is None:
        return False
    force = shared.may_replace(options.score_file, force=False)
    check_place(options.score_file, force=force)
    return force


def refuse_listening(options: ListenOptions) -> None:
    """Refuse to listen while a track is written."""
    if options.given:
        shared.refuse(
            "--listen and its options are for playing: leave out -o, or score the track "
            f"afterwards: {command('score --help')}"
        )


def live_score(options: ListenOptions, session: Session) -> LiveScore | None:
    """Return the score that a performance of a session will fill; None if nothing is scored."""
    from cadence_cue.app.live_score import LiveScore
    from cadence_cue.app.scoring import BY_KEYS

    return LiveScore(session, BY_KEYS) if options.by else None


def end_scoring(score: LiveScore, options: ListenOptions, *, force: bool) -> None:
    """Show a score, add it to the log, and write its file if there is to be one."""
    from cadence_cue.app.score_data import write_score
    from cadence_cue.app.score_lines import score_lines

    found = score.end()
    shared.say("\n".join(["", *score_lines(found)]))
    shared.keep_score(found)
    if options.score_file:
        write_score(found, options.score_file, force=force)
