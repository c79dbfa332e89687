"""The folder for what is kept of the runner's music, so that it is prepared once."""

from __future__ import annotations

import atexit
import errno
import functools
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cadence_cue import storage
from cadence_cue.app.settings import cache_folder
from cadence_cue.errors import UserError, printable

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
            raise _unsaved(folder, error) from error
        return _temporary(), (_told(f"{folder} cannot be written ({error.strerror})"),)
    return folder, ()


@contextmanager
def saving_in(folder: Path) -> Iterator[None]:
    """Raise UserError for what goes wrong while something is saved in a folder."""
    try:
        yield
    except BrokenPipeError:
        raise  # from a `progress`: nobody reads it any more
    except OSError as error:
        raise _unsaved(folder, error) from error


def _unsaved(folder: Path, error: OSError) -> UserError:
    return UserError(f"the music cannot be saved there: {error.strerror}.", where=folder)


def _told(reason: str) -> str:
    return f"{printable(reason)}, so the prepared music is in a temporary folder."


@functools.cache
def _temporary() -> Path:
    """Return a folder that lasts as long as this process."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(storage.temporary_folder())
