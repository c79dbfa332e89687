"""What was performed, or made a track of: as it is kept, and as it is performed again.

An edit is kept with only what it changed, and with the exact seconds since the one before: those
since the start gain digits with each edit. So hundreds of edits are a few kilobytes. A session is
kept as its name or the path of its file, and a hash of what is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import PerformanceOptions, Performed
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.sessions import session_store
from cadence_cue.app.tracks.exported import Exported
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.ladder import Rung
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import load, parse
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit

_PLAYED = "export it as it is, or play it again"
_EXPORTED = "export it again"


def as_performed(prepared: Prepared, performance: Performance) -> Prepared:
    """What was prepared, as it was performed in the end: with options that perform it again.

    Where it was begun, and what was skipped or repeated, is not part of it.
    """
    performance = _without_scores(performance)
    spec = performance.spec
    options = replace(
        prepared.options,
        cadence=float(spec.cadence_spm),
        seed=performance.seed,
        explain=performance.explains,
        begin=None,
        voice=spec.ensemble.voice,
        sounds=spec.ensemble.recordings,
        fixed=False,  # whether it was, the rungs say
        performed=Performed(performance.edits, tuple(prepared.rungs.items())),
    )
    return replace(prepared, options=options, performance=performance, start=None)


def _without_scores(performance: Performance) -> Performance:
    """The performance without what was said of the steps: that was true this once."""
    if not performance.says:
        return performance
    edits = performance.edits
    plain = performance.until(edits[0].at)
    changes = [
        replace(edit, says=())
        for edit, before in zip(edits, (Edit(edits[0].at, plain.tempi), *edits), strict=False)
        if edit.shift or (before.tempi, before.session) != (edit.tempi, edit.session)
    ]
    return plain.edited(*changes)


def kept(performed: Prepared) -> dict[str, Any]:
    """What the log keeps of this, as JSON has it."""
    session, options = performed.session, performed.options
    again = options.performed or Performed()
    sounds = options.sounds.absolute() if options.sounds else None
    start = Tempi(performed.performance.spec.cadence_spm)
    return {
        **_place(session),
        "hash": _hash(session, performed.library),
        "cadence": options.cadence,
        "seed": options.seed,
        "explain": options.explain,
        "voice": options.voice,
        "sounds": str(sounds) if sounds else None,
        "speaks": options.speaks,
        "beat": options.beat,
        "left_out": list(options.left_out),
        "rungs": {drill: [rung.above, rung.since] for drill, rung in again.rungs},
        "edits": list(_written(again.edits, start)),
    }


def made(prepared: Prepared) -> dict[str, Any]:
    """What the list of exports keeps of a track, as JSON has it."""
    options = prepared.options
    return {
        **kept(as_performed(prepared, prepared.performance)),
        "session": prepared.session.name,
        "begin": options.begin,
        "safety_line": options.safety_line,
    }


def last(practices: Sequence[Practice], name: str | None) -> Practice | None:
    """The last practice, or the last of the session of this name or file; None if there is none."""
    return next((each for each in reversed(practices) if name is None or _is(each, name)), None)


def restored(practice: Practice, library: Library) -> tuple[Session, PerformanceOptions]:
    """The session and the options that perform again what was practised.

    Raises UserError if it was not kept, or if its session is not what it was.
    """
    of = f"what you performed on {practice.day} ({practice.title})"
    if practice.performed is None:
        raise UserError(
            f"{of} was not kept: you ran it to a track, or an earlier version played it",
            way_out=_PLAYED,
        )
    return _again({**practice.performed, "session": practice.session}, library, of, _PLAYED)


def made_again(track: Exported, library: Library) -> tuple[Session, PerformanceOptions]:
    """The session and the options that plan a track again.

    Raises UserError if they were not kept, or if the session is not what it was.
    """
    of = f"what you exported on {track.day} ({track.title})"
    if not track.made:
        raise UserError(
            "how it was made was not kept by the version that wrote it",
            where=track.target,
            way_out="name its session, with the options that you exported it with",
        )
    session, options = _again(track.made, library, of, _EXPORTED)
    begin, safety_line = track.made.get("begin"), track.made.get("safety_line", True)
    return session, replace(options, begin=begin and str(begin), safety_line=bool(safety_line))


def _again(
    kept: Mapping[str, Any], library: Library, of: str, way_out: str
) -> tuple[Session, PerformanceOptions]:
    """The session and the options of what was kept `of` a performance. Raises UserError."""
    try:
        options, digest = _options(kept, library), str(kept["hash"])
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise UserError(f"{of} cannot be read any more", way_out=way_out) from None
    session = _session(kept, library, of)
    if _hash(session, library) != digest:
        raise UserError(
            f"{of} cannot be performed again: the session or one of its drills has changed since",
            where=session.source or "",
            way_out=f"put back what it was, or {way_out}",
        )
    return session, options


def _place(session: Session) -> dict[str, object]:
    """Where the session is found again, unless by its name alone."""
    if session.source is None:
        return {"data": dict(session.data)}
    if session_store.session_files().get(session.name) == session.source:
        return {}
    return {"file": str(session.source.absolute())}


def _hash(session: Session, library: Library) -> str:
    """A hash of all in a session and its drills that may decide when something sounds."""
    drills = dict.fromkeys(phase.drill for phase in session.written() if phase.drill)
    content = [session.data, [repr(library.drills[drill]) for drill in drills]]
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is(practice: Practice, name: str) -> bool:
    composed = normalize("NFC", practice.session)
    if normalize("NFC", name) == composed:
        return True
    file = (practice.performed or {}).get("file") or session_store.session_files().get(composed)
    return file is not None and Path(name).absolute() == Path(str(file))


def _session(kept: Mapping[str, Any], library: Library, of: str) -> Session:
    name = str(kept["session"])
    if data := kept.get("data"):
        return _parsed(data, name, library)
    named = kept.get("file")
    file = Path(str(named)) if named else session_store.session_files().get(name)
    if file is None or not file.exists():
        raise UserError(
            f"{of} cannot be performed again: its session is no longer here",
            where=file or name,
            way_out="put its file back",
        )
    return load(file, library)


def _parsed(data: Mapping[str, Any], name: str, library: Library) -> Session:
    """The session without a file that was made from this data. Raises UserError."""
    return parse(data, name=name, library=library, rehearsal=True)


def _options(kept: Mapping[str, Any], library: Library) -> PerformanceOptions:
    cadence, sounds = float(kept["cadence"]), kept["sounds"]
    parsed = partial(_parsed, name=str(kept["session"]), library=library)
    return PerformanceOptions(
        cadence=cadence,
        seed=int(kept["seed"]),
        explain=bool(kept["explain"]),
        speaks=bool(kept["speaks"]),
        beat=bool(kept["beat"]),
        voice=str(kept["voice"]),
        sounds=Path(sounds) if sounds else None,
        left_out=tuple(map(str, kept["left_out"])),
        performed=Performed(
            tuple(_read(kept["edits"], Tempi(Fraction(str(cadence))), parsed)),
            tuple((drill, Rung(*map(int, rung))) for drill, rung in kept["rungs"].items()),
        ),
    )


def _written(edits: Iterable[Edit], tempi: Tempi) -> Iterator[dict[str, object]]:
    """Yield each edit with what it changes; `tempi` are those before the first."""
    at, session = Fraction(0), None
    for edit in edits:
        written: dict[str, object] = {"after": str(edit.at - at)}
        if edit.tempi.cadence_spm != tempi.cadence_spm:
            written["cadence"] = str(edit.tempi.cadence_spm)
        if edit.tempi.offsets != tempi.offsets:
            written["offsets"] = {key: str(by) for key, by in edit.tempi.offsets}
        if edit.shift:
            written["shift"] = str(edit.shift)
        if edit.session != session:
            written["session"] = dict(edit.session.data) if edit.session else None
        if edit.joins is not None:
            written["joins"] = str(edit.joins - edit.at)
        at, tempi, session = edit.at, edit.tempi, edit.session
        yield written


def _read(
    edits: Iterable[Mapping[str, Any]], tempi: Tempi, parsed: Callable[[Mapping[str, Any]], Session]
) -> Iterator[Edit]:
    """Yield the edits that were written so; `parsed` reads a session from its data."""
    at, session = Fraction(0), None
    for each in edits:
        at += _fraction(each["after"])
        if "cadence" in each:
            tempi = replace(tempi, cadence_spm=_fraction(each["cadence"]))
        if "offsets" in each:
            offsets = tuple((key, _fraction(by)) for key, by in each["offsets"].items())
            tempi = replace(tempi, offsets=offsets)
        if "session" in each:
            session = parsed(each["session"]) if each["session"] else None
        joins = at + _fraction(each["joins"]) if "joins" in each else None
        yield Edit(at, tempi, _fraction(each.get("shift", "0")), session, joins=joins)


def _fraction(text: str) -> Fraction:
    return Fraction(*map(int, text.split("/")))
