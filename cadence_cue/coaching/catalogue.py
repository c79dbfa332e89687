"""The catalogue: the built-in drills, elements and sessions, and the runner's own drills.

Separate from the session reader because a session file says what to do today, while these files say
what can be done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NoReturn, TypeVar

from cadence_cue.coaching.drill import Drill, Element, Library
from cadence_cue.coaching.drill_file import read_drill, read_element, read_talk, read_why
from cadence_cue.coaching.toml_text import data_in, text_in
from cadence_cue.errors import UserError, printable

T = TypeVar("T")

_BUILT_IN = Path(__file__).parent / "library"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _refuse(error: UserError) -> NoReturn:
    raise error


def load_library(
    user_drills: Path | None = None, left_out: Callable[[UserError], object] = _refuse
) -> Library:
    """Load the built-in drills and elements, and the drills in the folder `user_drills` (`*.toml`).

    A missing folder has no drills. `left_out` is called with the error of each file that has a
    mistake, and the others are loaded; without it the first error is raised.
    """
    shipped = _built_in()
    if user_drills is None:
        return shipped
    drills = _user_drills(_files(user_drills), shipped.drills, shipped.elements, left_out)
    mixed = sorted([*shipped.drills.values(), *drills], key=_rank)
    return replace(shipped, drills={drill.id: drill for drill in mixed})


@cache  # the files of an installation do not change, and screens read the library often
def _built_in() -> Library:
    drills = _files(_BUILT_IN / "drills")
    elements = _files(_BUILT_IN / "elements")
    read = [
        _load(path, partial(read_drill, drill_id=name, drills=drills, elements=elements))
        for name, path in drills.items()
    ]
    found = [_load(path, partial(read_element, element_id=name)) for name, path in elements.items()]
    return Library(
        drills={drill.id: drill for drill in sorted(read, key=_rank)},
        elements={element.id: element for element in sorted(found, key=_rank)},
        why=_load(_BUILT_IN / "why.toml", read_why),
        talk=_load(_BUILT_IN / "talk.toml", read_talk),
    )


def _user_drills(
    files: dict[str, Path],
    built_in: Collection[str],
    elements: Collection[str],
    left_out: Callable[[UserError], object],
) -> list[Drill]:
    """Return the drills of the runner's own files, which may refer to each other."""
    drills = []
    for name, path in files.items():
        try:
            _check_name(name, path, {*built_in, *elements})
            known = {*built_in, *files}
            drills.append(
                _load(path, partial(read_drill, drill_id=name, drills=known, elements=elements))
            )
        except UserError as error:
            left_out(error)
            # Start again without it, because another file may refer to it.
            rest = {other: file for other, file in files.items() if other != name}
            return _user_drills(rest, built_in, elements, left_out)
    return drills


def _check_name(name: str, path: Path, taken: Collection[str]) -> None:
    if not _ID.fullmatch(name):
        raise _error(
            path, 'is not named by a drill id: small letters, digits and "-", such as hops.toml'
        )
    if name in taken:
        raise _error(path, f'"{name}" is a built-in id; give the file another name')


@cache  # as above: screens ask for them with each key
def built_in_sessions() -> Mapping[str, Path]:
    """Return the files of the built-in sessions by name, in alphabetical order."""
    return _files(_BUILT_IN / "sessions")


def _files(folder: Path) -> dict[str, Path]:
    """Return regular files only: opening a pipe that is named like a drill would wait for ever."""
    return {path.stem: path for path in sorted(folder.glob("*.toml")) if path.is_file()}


def _rank(item: Drill | Element) -> tuple[int, str]:
    return item.order, item.id


def _load(path: Path, read: Callable[[object], T]) -> T:
    """Return what `read` makes of a file's table, naming the file in any error."""
    data = data_in(text_in(path, path.name), path.name)
    try:
        return read(data)
    except UserError as error:
        raise _error(path, str(error)) from None


def _error(path: Path, reason: str) -> UserError:
    return UserError(printable(reason), where=path.name)
