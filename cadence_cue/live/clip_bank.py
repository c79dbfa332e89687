"""The clips of what plays, by name: each new engine is sent all of them.

Some are silent at first: they are read while the session plays, in the memory that the engine has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.live.packing import Clips
    from cadence_cue.sound.clips import Clip


class ClipBank:
    """Clips, and the threads that read those to come. Thread: any that holds the lock."""

    def __init__(self, changed: threading.Condition, tell: Callable[[str], None]) -> None:
        """Share the lock of `changed`; `tell` is given one sentence about each damaged clip."""
        self.beats: dict[str, Clip] = {}
        self.voice: dict[str, Clip] = {}
        self._unread: dict[str, Clip] = {}  # which are read meanwhile, and silent until then
        self._readers = 0
        self._closed = False
        self._changed = changed
        self._tell = tell

    @property
    def unread(self) -> frozenset[str]:
        """The clips, by name, that are still to be read while playing."""
        return frozenset(self._unread)

    def add(self, beats: Clips, voice: Clips) -> None:
        """Add clips that have been read, maybe in place of some that were to be read.

        Other `beats` may come with another voice or rate: then all reading is finished first.
        """
        if beats:
            self.finish_reading()
        for name in self._unread.keys() & voice.keys():
            self._unread.pop(name).samples[:] = voice[name].samples
        self.beats.update(beats)
        self.voice.update(voice)

    def read_while_playing(self, voice: Clips, read: Callable[[list[str]], Clips]) -> None:
        """Add voice clips that are silent until they have been read, in this order.

        One that cannot be read (UserError) stays silent.
        """
        self.voice.update(voice)
        self._unread.update(voice)
        self._readers += 1
        threading.Thread(target=self._read, args=(voice, read), daemon=True).start()

    def finish_reading(self) -> None:
        """Wait until all clips have been read; the lock is free meanwhile."""
        self._changed.wait_for(lambda: not self._readers)

    def close(self) -> None:
        """Read no more, and wait for the clip that is being read."""
        self._closed = True
        self.finish_reading()

    def _read(self, voice: Clips, read: Callable[[list[str]], Clips]) -> None:
        try:
            for name, clip in voice.items():
                if self._closed:
                    return
                if name not in self._unread:
                    continue  # it was needed earlier
                try:
                    clip.samples[:] = read([name])[name].samples
                except UserError as error:
                    self._tell(str(error))
                with self._changed:
                    self._unread.pop(name, None)
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()
