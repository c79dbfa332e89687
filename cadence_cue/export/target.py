"""The file that an export writes: complete, or not there at all.

Apart from encoding, because it is about folders and names, not about sound.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cadence_cue.errors import UserError, WayOut

_ABANDONED = 24 * 3600  # seconds without a write: even a machine that slept is awake again by then


def check_place(target: Path, *, force: bool) -> None:
    """Raise UserError for a target that cannot be created where it is asked for.

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
    """Raise UserError if the target's disk has no room for `size` bytes."""
    free = shutil.disk_usage(_place(target).parent).free
    if size > free:
        raise UserError(
            f"needs {_megabytes(size)}, but only {_megabytes(free)} are free there",
            where=target,
            way_out="free some space or choose another disk.",
        )


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield the path of an empty hidden file that becomes `target` at the end.

    After any exception the hidden file is deleted and `target` is as it was. Without `force`, a
    file that has appeared at `target` meanwhile is kept, and UserError raised. Old hidden files
    that killed programs left in the folder are deleted.
    """
    place = _place(target)
    # A short name, not derived from the target's, which may already have the maximum length.
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
    """Turn a file system error into a UserError that names the target."""
    try:
        yield
    except OSError as error:
        raise broken(target, error.strerror or str(error)) from error


def broken(target: Path, reason: str) -> UserError:
    """The UserError for a target that could not be written, with the reason."""
    return UserError(
        f"could not be written ({reason.rstrip('. ')}) and was left as it was",
        where=target,
        way_out="free some space or choose another place.",
    )


def _rename_to_new(hidden: Path, place: Path) -> None:
    """Give the hidden file its final name. Raises FileExistsError if that is taken.

    The hidden name may still exist afterwards.
    """
    try:
        # One step, which Ctrl-C cannot interrupt.
        place.hardlink_to(hidden)
    except FileExistsError:
        raise
    except OSError:
        # The file systems of memory cards have no links: create the name, then replace it.
        _create(place)
        try:
            hidden.replace(place)
        except BaseException:
            place.unlink(missing_ok=True)
            raise


def _clear(folder: Path, new: Path) -> None:
    """Delete hidden files that were last written long before `new` was created.

    Compared by the times of the disk, because a file server's clock may differ from ours.
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
    """The real path of the target: following a symbolic link, so that the link stays."""
    return Path(os.path.realpath(target))


def _exists(target: Path) -> UserError:
    return UserError("exists already", where=target, way_out=WayOut.REPLACE)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
