"""The folder for what is kept of the runner's music, so that it is prepared once."""

from __future__ import annotations

import atexit
import errno
import functools
import tempfile
from contextlib import ExitStack
from pathlib import Path

from cadence_cue import storage
from cadence_cue.app.settings import cache_folder
from cadence_cue.errors import printable
from cadence_cue.music.kept import unsaved

_FULL = (errno.ENOSPC, errno.EDQUOT)


def music_folder(kind: str) -> tuple[Path, tuple[str, ...]]:
    """Return the folder for what is kept of music, and a sentence if it is a temporary one.

    That is where a home cannot be written, as in some containers.
    """
    folder = cache_folder(kind)
    if folder is None:
        return _temporary(), (_told("There is no home folder"),)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if error.errno in _FULL:
            raise unsaved(folder, error) from error
        return _temporary(), (_told(f"{folder} cannot be written ({error.strerror})"),)
    return folder, ()


def _told(reason: str) -> str:
    return f"{printable(reason)}, so the prepared music is in a temporary folder."


@functools.cache
def _temporary() -> Path:
    """Return a folder that lasts as long as this process."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(storage.temporary_folder())
