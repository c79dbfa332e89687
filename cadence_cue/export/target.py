"""The file that an export becomes: whole, or not there at all.

Kept apart from encoding: this file knows folders and names, and nothing of sound.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadence_cue.errors import UserError, WayOut

_ABANDONED = 24 * 3600  # seconds without a write, by which even a machine that slept is back


def check_place(target: Path, *, force: bool) -> None:
    """Refuse a target that could not be put where it is asked for, with an UserError.

    An existing file is refused unless `force`; a folder or a device always.
    """
    place = _place(target)
    try:
        mode = place.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=target) from error
    else:
        if stat.S_ISDIR(mode):
            raise UserError("this is a folder", where=target, way_out="name a file in it.")
        if not stat.S_ISREG(mode):
            raise UserError(
                "this is not an ordinary file", where=target, way_out="choose another name."
            )
        if not force:
            raise _exists(target)
    if not place.parent.is_dir():
        raise UserError(
            f"there is no folder {target.parent}", where=target, way_out="create it first."
        )
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise UserError(
            f"the folder {target.parent} may not be written to",
            where=target,
            way_out="choose another.",
        )


def check_space(target: Path, size: int) -> None:
    """Refuse a target of `size` bytes that its disk has no room for, with an UserError."""
    free = shutil.disk_usage(_place(target).parent).free
    if size > free:
        raise UserError(
            f"needs {_megabytes(size)}, but only {_megabytes(free)} are free there",
            where=target,
            way_out="free some space or choose another disk.",
        )


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[Path]:
    """Give the path of an empty hidden file beside `target`, which becomes it at the end.

    After any exception nothing is left behind and `target` is as it was. Without `force`, a
    file that has appeared there meanwhile is kept, and refused with an UserError. What programs
    left beside it that were killed is deleted.
    """
    place = _place(target)
    # A short name of its own: the target's may already be as long as names can be.
    hidden = place.with_name(f".cadence-cue-{os.urandom(8).hex()}.part")
    try:
        with explained(target):
            _create(hidden)
        _clear(place.parent, hidden)
        yield hidden
        with explained(target):
            if force:
                hidden.replace(place)
            else:
                try:
                    _rename_to_new(hidden, place)
                except FileExistsError:
                    raise _exists(target) from None
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn an error of the file system into an UserError that names the target."""
    try:
        yield
    except OSError as error:
        raise broken(target, error.strerror or str(error)) from error


def broken(target: Path, reason: str) -> UserError:
    """The error that says that writing the target failed."""
    return UserError(
        f"could not be written ({reason.rstrip('. ')}) and was left as it was",
        where=target,
        way_out="free some space or choose another place.",
    )


def _rename_to_new(hidden: Path, place: Path) -> None:
    """Give a file a name that must be free: FileExistsError where it is not.

    The hidden name may stay.
    """
    try:
        # One step, which no Ctrl-C can come between.
        place.hardlink_to(hidden)
    except FileExistsError:
        raise
    except OSError:
        # The file systems of memory cards have no links: take the name, then replace it.
        _create(place)
        try:
            hidden.replace(place)
        except BaseException:
            place.unlink(missing_ok=True)
            raise


def _clear(folder: Path, new: Path) -> None:
    """Delete the hidden files that were last written to long before this one was made.

    Their disk tells the time, not this computer: the clock of a file server may be another.
    """
    with suppress(OSError):
        now = new.stat().st_mtime
        for path in folder.glob(".cadence-cue-*.part"):
            if now - path.stat().st_mtime > _ABANDONED:
                path.unlink()


def _create(path: Path) -> None:
    """Create an empty file with the permissions that the user's umask gives."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


def _place(target: Path) -> Path:
    """Where the target really is: through a symbolic link, so that the link stays."""
    return Path(os.path.realpath(target))


def _exists(target: Path) -> UserError:
    return UserError("exists already", where=target, way_out=WayOut.REPLACE)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
