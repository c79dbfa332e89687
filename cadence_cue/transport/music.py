"""The runner's music under a performance, prepared in the background at the device's rate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from cadence_cue.errors import UserError
from cadence_cue.live.player import Player
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance
from cadence_cue.transport.tempo_control import Messages

if TYPE_CHECKING:
    from cadence_cue.music.preparing import PreparedMusic  # decoders: few have music

Progress = Callable[[float], object]
Make = Callable[[Performance, Progress], "PreparedMusic"]
"""Prepares music for a performance; may take seconds. Raises UserError."""


class _Over(Exception):  # noqa: N818 - no error
    """The music is no longer wanted."""


class BackgroundMusic:
    """The music of a performance, prepared or being prepared.

    Thread: one; preparing runs in a thread of its own.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self._make: Make | None = None
        self._making: _Making | None = None

    @property
    def there(self) -> bool:
        """Whether there is music, prepared or being prepared."""
        return self._make is not None

    @property
    def share(self) -> float | None:
        """How much of the music is prepared, 0 to 1; None while none is being prepared."""
        return self._making.share if self._making else None

    def set_music(
        self, make: Make | None, performance: Performance, prepared: Bed | None = None
    ) -> None:
        """Prepare and play other music, or none; play `prepared` at once if it is given."""
        self.close()
        self._make = make
        self._player.set_music(prepared)
        if make and prepared is None:
            self._making = _Making(make, performance)

    def again(self, performance: Performance) -> None:
        """Prepare the same music again, for `performance` at another rate."""
        self.set_music(self._make, performance)

    def poll(self) -> Messages:
        """Play music that has been prepared; return what is to be known about it, or why not."""
        making = self._making
        if making is None or making.alive:
            return []
        self._making = None
        if making.prepared is None:
            self._make = None
            return [f"no music: {making.wrong}"]
        self._player.set_music(making.prepared.bed)
        return [" ".join(making.prepared.told)]

    def close(self) -> None:
        """Stop preparing."""
        if self._making:
            self._making.over = True
        self._making = None


class _Making:
    """A thread that prepares music."""

    def __init__(self, make: Make, performance: Performance) -> None:
        self.share = 0.0
        self.prepared: PreparedMusic | None = None
        self.wrong = ""
        self.over = False
        self._thread = threading.Thread(target=self._run, args=(make, performance), daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread is still running."""
        return self._thread.is_alive()

    def _run(self, make: Make, performance: Performance) -> None:
        try:
            self.prepared = make(performance, self._progress)
        except _Over:
            pass
        except UserError as error:
            self.wrong = str(error)

    def _progress(self, share: float) -> None:
        if self.over:
            raise _Over
        self.share = share
