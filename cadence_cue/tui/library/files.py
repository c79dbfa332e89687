"""Reads the sessions and drills for the library, again whenever a file has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from textual.worker import get_current_worker

from cadence_cue.app.log.history import remembered
from cadence_cue.app.sessions import listing
from cadence_cue.app.sessions.filtering import Done, done
from cadence_cue.app.sessions.listing import Entry, Listing
from cadence_cue.app.settings import user_folder
from cadence_cue.tui.page import Page


class Found(NamedTuple):
    """The entries, when each was done last, and sentences about broken drill files."""

    entries: Sequence[Entry]
    done: Mapping[str, Done]
    broken: Sequence[str]


class Files:
    """Reads for a page, in threads, one after the other."""

    def __init__(self, page: Page, have_read: Callable[[Found | None, str], None]) -> None:
        """`have_read` is called with what was found, None if nothing has changed."""
        self._page = page
        self._have_read = have_read
        self._listing = Listing()
        self._lock = Lock()
        self._reading = 0  # how often the files are being read, or waiting for it
        self._stamp: object = None

    @property
    def are_read(self) -> bool:
        """Whether nothing is being read."""
        return not self._reading

    def check(self) -> None:
        """Read what has changed, unless that is being done."""
        if self.are_read:
            self.read()

    def read(self, select: str = "") -> None:
        """Read what has changed; with a key to `select`, all of it counts as changed."""
        self._reading += 1
        self._page.run_worker(lambda: self._read(select), thread=True, group="files")

    def _read(self, select: str) -> None:
        host, worker = self._page.cadence_app, get_current_worker()

        def stop() -> bool:
            return worker.is_cancelled or host.leaving

        found = None
        with self._lock:
            settings = host.settings
            stamp = listing.stamp(), settings
            if stamp != self._stamp or select:
                host.read_library()
                library, practices = host.library, remembered(user_folder())
                entries = self._listing.entries(library, settings, stop)
                found = Found(entries, done(entries, practices), host.broken_drills)
                self._stamp = stamp
        if not stop():
            self._page.from_thread(self._end, found, select)

    def _end(self, found: Found | None, select: str) -> None:
        self._reading -= 1
        self._have_read(found, select)
