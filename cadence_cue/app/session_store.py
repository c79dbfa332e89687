"""The runner's shelf: the sessions and drills that there are, built in and own.

Between the files and whoever shows them, so that the commands and the screens find, copy and
refuse the same.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path, PurePath

from cadence_cue.app.settings import user_folder, write_atomically
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.model import Library, Session
from cadence_cue.coaching.session_file import MUSIC_KEYS, load
from cadence_cue.errors import UserError, WayOut, nearest, shown

WHY = "why"
"""The page that tells why to practise at all."""

_TEMPLATE = """\
title   = "{title}"
summary = "What it is for, in a sentence."
level   = "easy"          # first, easy, moderate or race
place   = ["home"]        # of home, wall, track, road, treadmill

[[phase]]
drill = "perception"      # every session with drills begins with it
time  = "45s"

[[phase]]
rest = ""
time = "10s"

[[phase]]
drill = "change-of-support"
time  = "40s"
"""


def library(left_out: Callable[[UserError], object]) -> Library:
    """The built-in drills and the runner's own; `left_out` hears of each that is broken."""
    return load_library(user_folder() / "drills", left_out)


def session_files() -> dict[str, Path]:
    """Every session by name: the built-in ones, then the runner's own."""
    users = sorted(_user_sessions().glob("*.toml"))
    return {**built_in_sessions(), **{path.stem: path for path in users}}


def find(name: str, library: Library, others: Collection[str] = ()) -> Session:
    """The session of a name or a path; raises UserError.

    `others` are words that might have been meant as well.
    """
    files = session_files()
    if name in files:
        return load(files[name], library)
    if name.endswith(".toml") or "/" in name or _is_file(name):
        return load(Path(name), library)
    if name in library.drills:
        raise UserError(f"{shown(name)} is a drill", way_out=WayOut.REHEARSE, name=name)
    near = nearest(name, [*files, *others])
    way_out = f'did you mean "{near}"?' if near else WayOut.LIST_SESSIONS
    raise UserError(f"there is no session {shown(name)}", way_out=way_out)


def new_file(name: str, library: Library) -> Path:
    """Where a new session of this name is to be kept.

    Raises UserError if the name is no good, or taken.
    """
    if not re.fullmatch(r"\w[\w-]{0,59}", name):
        raise UserError(f'{shown(name)} is no name for a session: use letters, digits and "-"')
    if name in built_in_sessions():
        raise UserError(f'"{name}" is a built-in session; choose another name')
    if name in (*library.drills, *library.elements, WHY):
        raise UserError(f'"{name}" is a drill, an element or another page already; choose another')
    path = _user_sessions() / f"{name}.toml"
    if path.exists():
        raise UserError(f'you have a session "{name}" already: {path}')
    return path


def begin(name: str, library: Library, model: Path | None = None) -> Path:
    """Keep a new session of the runner's own: a copy of a file, or the template; gives its place.

    Raises UserError.
    """
    path = new_file(name, library)
    if model:
        text = with_music(load(model, library), model.read_text(encoding="utf-8-sig"))
    else:
        text = _TEMPLATE.format(title=name.replace("-", " ").capitalize())
    keep(path, text)
    return path


def keep_sounds(session: Session, path: Path) -> None:
    """Copy the recordings that a session names to where its file is to be kept.

    They stay beside it; what is there already is left alone if it is the same. Raises
    UserError.
    """
    names = dict.fromkeys(t.sound for phase in session.written() for t in phase.takes if t.sound)
    for name in names:
        if PurePath(name).is_absolute():
            continue  # it is found from anywhere
        if ".." in PurePath(name).parts:
            raise UserError(f"{shown(name)} is not beside the session's file; move it there first")
        source, target = (session.source or Path()).parent / name, path.parent / name
        try:
            content = source.read_bytes()
            if target.exists() and target.read_bytes() != content:
                raise UserError(f"there is another {shown(name)} among your sessions; rename one")
            write_atomically(target, content)
        except OSError as error:
            raise UserError(f"{name} cannot be copied: {error.strerror}") from None


def with_music(session: Session, text: str) -> str:
    """The text of a session's file that finds its music from any folder. Raises UserError.

    Music is not copied: it is large, and may be a folder that changes.
    """
    if session.music is None or session.source is None or session.source.parent == _user_sessions():
        return text
    music = (session.source.parent / Path(session.music.file).expanduser()).resolve()
    found = re.compile(r'(\bfile\s*=\s*)("[^"\n]*"|\'[^\'\n]*\')')
    keys = "|".join(MUSIC_KEYS)
    start = re.search(rf"^\s*(\[\s*({keys})\s*\]|({keys})\s*=)", text, flags=re.MULTILINE)
    written = json.dumps(str(music), ensure_ascii=False)
    if start:
        head, tail = text[: start.start()], text[start.start() :]
        text = head + found.sub(lambda match: match[1] + written, tail, count=1)
    data = tomllib.loads(text)
    if str(music) not in [data[key]["file"] for key in MUSIC_KEYS if key in data]:
        raise UserError(
            f"the music {shown(session.music.file)} is named in a way that I cannot change; "
            f"write its whole path first: {music}"
        )
    return text


def keep(path: Path, text: str) -> None:
    """Write a file of the shelf. Raises UserError."""
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None


def _user_sessions() -> Path:
    return user_folder() / "sessions"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # a name too long for a file is none
        return False
