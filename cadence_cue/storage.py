"""Files that stay whole: after a crash, after a power cut, and with several processes at once.

What is being written is a hidden file that its process holds a lock on. The system lets go of a
lock when its process ends, however it ends: so what a killed process left is told from what a
living one is writing, and deleted by the next one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PART = re.compile(
    r"\.cadence-cue-[0-9a-f]{16}\.part"
    r"|\.(settings\.toml|history\.jsonl)\.\w{8}"  # as earlier versions named them
)


@contextmanager
def part_in(folder: Path) -> Iterator[Path]:
    """Yield an empty hidden file in a folder, with the permissions that the umask gives.

    It is deleted at the end, unless it was renamed. Parts that killed processes left in the folder
    are deleted. Raises OSError.
    """
    with _held(folder, _create) as part:
        clear(folder)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield an empty folder for temporary files, deleted at the end. Raises OSError.

    If this process is killed, the next call of `clear_temporary` deletes it.
    """
    with _held(Path(tempfile.gettempdir()), _create_folder) as folder:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def clear(folder: Path) -> None:
    """Delete the parts that killed processes left in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name):
                with suppress(OSError):
                    _clear_one(Path(entry.path), is_folder=entry.is_dir(follow_symlinks=False))


def clear_temporary() -> None:
    """Delete the temporary folders that killed processes left."""
    with suppress(OSError):  # there may be no folder for temporary files
        clear(Path(tempfile.gettempdir()))


def write(path: Path, content: str | bytes) -> None:
    """Write a small file, which is whole and on the disk afterwards, or as it was; text as UTF-8.

    Its folder is created. Who may read the file stays as it was. Raises OSError.
    """
    need_home(path)
    path = Path(os.path.realpath(path))  # a symbolic link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    with part_in(path.parent) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        with suppress(FileNotFoundError):
            shutil.copymode(path, part)
        replace(part, path)


def replace(part: Path, path: Path) -> None:
    """Give a part its final name, in place of what had it, so that a power cut undoes neither.

    Raises OSError.
    """
    sync(part)
    part.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Return when the content of a file is on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk, where the file system can tell."""
    with suppress(OSError):
        sync(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, which is created, while a file in it is read and written again.

    Other processes and threads that ask for it wait. Raises OSError. Some network file systems
    cannot lock a folder: there nobody waits.
    """
    need_home(folder)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def need_home(path: Path) -> None:
    """Raise OSError for a path below "~", which platformdirs returns if there is no home."""
    if not path.is_absolute():  # it would create a folder in the current directory
        raise FileNotFoundError(errno.ENOENT, "there is no home folder; set HOME")


def _create(part: Path) -> int:
    return os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)


def _create_folder(part: Path) -> int:
    while True:
        part.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # another process took it for abandoned at once
            return os.open(part, os.O_RDONLY)


@contextmanager
def _held(folder: Path, create: Callable[[Path], int]) -> Iterator[Path]:
    """Yield what `create` makes in a folder, locked."""
    while True:
        # A short name, not made from the target's, which may already have the greatest length.
        part = folder / f".cadence-cue-{os.urandom(8).hex()}.part"
        descriptor = create(part)
        try:
            with suppress(OSError):  # this file system has no locks, so nobody will clear it
                fcntl.flock(descriptor, fcntl.LOCK_SH)
            if part.exists():
                yield part
                return
            # Before it was locked, another process took it for abandoned.
        finally:
            os.close(descriptor)


def _clear_one(part: Path, *, is_folder: bool) -> None:
    descriptor = os.open(part, (os.O_RDONLY if is_folder else os.O_RDWR) | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if its process lives
        if is_folder:
            shutil.rmtree(part)
        else:
            part.unlink()
    finally:
        os.close(descriptor)
