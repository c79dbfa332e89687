"""The file that an export writes: complete, or not there at all.

Apart from encoding, because it is about folders and names, not about sound.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cadence_cue import storage
from cadence_cue.errors import UserError, WayOut


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
    disk = os.statvfs(_place(target).parent)
    free = disk.f_frsize * disk.f_bfree  # with what only root may use, who may be asking
    if disk.f_blocks and size > free:  # some places that are no disks have none
        needs = f"it needs {_megabytes(size)}, and {_megabytes(free)} are free"
        raise broken(target, f"{os.strerror(errno.ENOSPC)}: {needs}")


@contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield the path of an empty hidden file that becomes `target` at the end.

    After any exception the hidden file is deleted and `target` is as it was. Without `force`, a
    file that has appeared at `target` meanwhile is kept, and UserError raised. What is `target` in
    the end is on the disk, and a power cut takes it no more.
    """
    place = _place(target)
    with ExitStack() as opened:
        with explained(target):
            hidden = opened.enter_context(storage.part_in(place.parent))
        yield hidden
        with explained(target):
            if force:
                storage.replace(hidden, place)
            else:
                try:
                    storage.sync(hidden)
                    _rename_to_new(hidden, place)
                except FileExistsError:
                    raise _exists(target) from None
                storage.sync_folder(place.parent)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn a file system error into a UserError that names the target."""
    try:
        yield
    except OSError as error:
        raise broken(target, error.strerror or str(error)) from error


def broken(target: Path, reason: str) -> UserError:
    """The UserError for a target that could not be written, with the reason."""
    kept = " and was left as it was" if os.path.exists(target) else ""  # noqa: PTH110 - no error
    return UserError(
        f"could not be written ({reason.rstrip('. ')}){kept}",
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
        place.touch(exist_ok=False)
        try:
            hidden.replace(place)
        except BaseException:
            place.unlink(missing_ok=True)
            raise


def _place(target: Path) -> Path:
    """The real path of the target: following a symbolic link, so that the link stays."""
    return Path(os.path.realpath(target))


def _exists(target: Path) -> UserError:
    return UserError("exists already", where=target, way_out=WayOut.REPLACE)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
