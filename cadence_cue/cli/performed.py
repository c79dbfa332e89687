"""What `--performed` and the name of a track stand for: a session as it was performed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cadence_cue.app.invocation import command
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.cli import shared
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Session
from cadence_cue.errors import hint, printable, shown

_OPTIONS = "--cadence, --seed, --explain, --voice, --sounds"
DRILLS_AS_THEY_WERE = "with --performed the drills are as they were; leave out --without-locked"
_AS_IT_WAS = f"{_OPTIONS} and --fixed"


def performed(
    names: Sequence[str], library: Library, options: Sequence[PerformanceOptions]
) -> tuple[Session, PerformanceOptions]:
    """The session that was performed last, of these names if any, and the options to write it.

    What `options` say of the file holds; all that decides the performance is as it was.
    """
    from cadence_cue.app.tracks.performed import last, restored

    if len(names) > 1:
        shared.refuse("--performed writes one session: name at most one with it")
    (asked, *more) = options
    free = PerformanceOptions(speaks=asked.speaks, beat=asked.beat, begin=asked.begin)
    if more or asked != free:
        shared.refuse(f"{_AS_IT_WAS} are as they were with --performed; leave them out")
    practices = shared.practices()
    name = names[0] if names else None
    practice = last(practices, name)
    if practice is None:
        logged = dict.fromkeys(each.session for each in practices)
        if name and logged:
            shared.refuse(f"your log has no session {shown(name)}; {hint(name, logged)}")
        shared.refuse(f"your log is empty; play a session first: {command('play SESSION')}")
    session, kept = restored(practice, library)
    return session, replace(
        kept,
        speaks=kept.speaks and asked.speaks,
        beat=kept.beat and asked.beat,
        begin=asked.begin,
    )


def exported(track: Path, library: Library, *, given: bool) -> tuple[Session, PerformanceOptions]:
    """The session of a track that was exported here, and the options to plan it again.

    They are refused where any are `given`.
    """
    from cadence_cue.app.tracks.exported import found
    from cadence_cue.app.tracks.performed import made_again

    known = found(track)
    if known is None:
        shared.refuse(
            f"{printable(str(track))} is not in the list of your tracks (see: "
            f"{command('exports')}); name its session, with the options that you exported it with"
        )
    if given:
        shared.refuse(
            f"how {printable(track.name)} was made is known: leave out {_OPTIONS}, --fixed, "
            "--no-voice, --no-beat, --from, --no-safety-line, --without-locked and --performed"
        )
    return made_again(known, library)
