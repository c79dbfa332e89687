"""The sessions and drills of this runner: the built-in ones, and files in the user folder.

Separate from the faces so that commands and screens find, copy and refuse the same files.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path, PurePath
from unicodedata import normalize

from cadence_cue import storage
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching import values
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import MUSIC_KEYS, load
from cadence_cue.errors import UserError, WayOut, nearest, shown

WHY = "why"
"""The name of the page about why to practise at all."""

_NAME = re.compile(r"\w[\w-]{0,59}")
_TITLE = re.compile(
    r"""^(\s*["']?title["']?\s*=\s*)(\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
    r"""(?=\s*(?:#|$))""",
    flags=re.MULTILINE,
)
_TEMPLATE = """\
title   = {title}
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
    """Load the built-in drills and the runner's own; `left_out` is called for each broken file."""
    return load_library(user_folder() / "drills", left_out)


def session_files() -> dict[str, Path]:
    """The file of every session, by name: the built-in ones, then the runner's own.

    Some systems decompose the letters of file names; here a name is composed, as it is typed.
    """
    users = sorted(_user_sessions().glob("*.toml"))
    return {**built_in_sessions(), **{normalize("NFC", path.stem): path for path in users}}


def find(name: str, library: Library, others: Collection[str] = ()) -> Session:
    """Load a session by name or path. Raises UserError.

    `others` are names of drills and elements, which are meant too and may be misspelt.
    """
    files = session_files()
    if normalize("NFC", name) in files:
        return load(files[normalize("NFC", name)], library)
    if not name.endswith(".toml") and _is_file(name):
        _no_track(name, files)
    if name.endswith(".toml") or "/" in name or _is_file(name):
        return load(Path(name), library)
    if name in library.drills:
        raise UserError(f"{shown(name)} is a drill", way_out=WayOut.REHEARSE, name=name)
    near = nearest(name, [*files, *others])
    way_out = f'did you mean "{near}"?' if near else WayOut.LIST_SESSIONS
    what = "session, drill or element" if others else "session"
    raise UserError(f"there is no {what} {shown(name)}", way_out=way_out)


def _no_track(name: str, sessions: Collection[str]) -> None:
    """Refuse the name of an audio file. Raises UserError."""
    from cadence_cue.export.formats import ENDINGS  # noqa: PLC0415 - only for such a file

    if name.lower().endswith(ENDINGS):
        session = nearest(PurePath(name).stem, sessions)
        rest = f": {session}" if session else ""
        way_out = f"open it in a player, or name the session{rest}"
        raise UserError(f"{shown(name)} is a track", way_out=way_out)


def new_file(title: str, library: Library) -> Path:
    """Return the path for a new session of this name or title.

    Raises UserError if nothing in it can be a name, or if the name is taken.
    """
    name = title if _NAME.fullmatch(title) else _named(title)
    if name in built_in_sessions():
        raise UserError(f'"{name}" is a built-in session; choose another name')
    if name in (*library.drills, *library.elements, WHY):
        raise UserError(f'"{name}" is a drill, an element or another page already; choose another')
    path = session_files().get(normalize("NFC", name)) or _user_sessions() / f"{name}.toml"
    if path.exists():
        raise UserError(f'you have a session "{name}" already: {path}')
    return path


def not_empty(name: str) -> None:
    """Refuse an empty name, for which a question that was left would be taken. Raises UserError."""
    if not name:
        raise UserError("it needs a name")


def create(name: str, library: Library, model: Path | None = None) -> Path:
    """Create a session of the runner's own, of this name or title, and return its path.

    It is a copy of the session file `model` with a title of its own, or else the template. Raises
    UserError, and OSError if the model cannot be read.
    """
    path = new_file(name, library)
    title = titled(name)
    if model:
        text = with_music(load(model, library), model.read_text(encoding="utf-8-sig"))
        text = _retitled(text, title)
    else:
        text = _TEMPLATE.format(title=json.dumps(title, ensure_ascii=False))
    save(path, text)
    return path


def copy_sounds(session: Session, path: Path) -> None:
    """Copy the recordings that a session names beside the new path of its file.

    Identical files that are already there are left alone. Raises UserError.
    """
    names = dict.fromkeys(t.sound for phase in session.written() for t in phase.takes if t.sound)
    for name in names:
        if PurePath(name).is_absolute():
            continue  # found from any folder
        if ".." in PurePath(name).parts:
            raise UserError(f"{shown(name)} is not beside the session's file; move it there first")
        source, target = (session.source or Path()).parent / name, path.parent / name
        try:
            content = source.read_bytes()
            if target.exists() and target.read_bytes() != content:
                raise UserError(f"there is another {shown(name)} among your sessions; rename one")
            storage.write(target, content)
        except OSError as error:
            raise UserError(f"cannot be copied: {error.strerror}", where=source) from None


def with_music(session: Session, text: str) -> str:
    """Return the text of a session's file with the path of its music made absolute.

    Music is not copied: it is large, and may be a folder that changes. Raises UserError.
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
            f"the path of the music {shown(session.music.file)} cannot be rewritten; "
            f"write its whole path first: {music}"
        )
    return text


def titled(name: str) -> str:
    """Return the title of a session of this name or title."""
    return name.replace("-", " ").capitalize() if _NAME.fullmatch(name) else name


def save(path: Path, content: str | bytes) -> None:
    """Write a session file. Raises UserError."""
    try:
        storage.write(path, content)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None


def _retitled(text: str, title: str) -> str:
    """Return the text of a session's file with another title. Raises UserError."""
    quoted = json.dumps(title, ensure_ascii=False)
    table = re.search(r"^\s*\[", text, flags=re.MULTILINE)
    head, rest = (text[: table.start()], text[table.start() :]) if table else (text, "")
    new = _TITLE.sub(lambda written: f"{written[1]}{quoted}", head, count=1) + rest
    if tomllib.loads(new).get("title") != title:
        raise UserError('the title of the model cannot be rewritten; write it as: title = "..."')
    return new


def _named(title: str) -> str:
    """Return the name of a session's file for a title. Raises UserError."""
    try:
        words = re.findall(r"\w+", values.text(normalize("NFC", title)).lower())
    except UserError as error:
        raise UserError(f"the name of a session {error}") from None
    name = "-".join(words)[:60].strip("-")
    if not name:
        raise UserError(f"{shown(title)} has no letter or digit that could name a session's file")
    return name


def _user_sessions() -> Path:
    return user_folder() / "sessions"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # such as a name that is too long
        return False
