"""The runner's music under what plays: made ready beside it, for whatever rate the device has."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cadence_cue.errors import UserError
from cadence_cue.live.player import Player
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance
from cadence_cue.transport.tempo_control import Messages

Progress = Callable[[float], object]
Make = Callable[[Performance, Progress], Bed]
"""Makes music ready for a performance; may take seconds, and raises UserError."""


class _Over(Exception):  # noqa: N818 - no error
    """Nobody waits for it any more."""


class BackgroundMusic:
    """Music on its way under a performance, and there. Thread: one, and one of its own."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._make: Make | None = None
        self._making: _Making | None = None

    @property
    def there(self) -> bool:
        """Whether there is music, or it is on its way."""
        return self._make is not None

    @property
    def share(self) -> float | None:
        """How much of what is on its way is ready; None where nothing is."""
        return self._making.share if self._making else None

    def set_music(
        self, make: Make | None, performance: Performance, prepared: Bed | None = None
    ) -> None:
        """Play other music, or none; `prepared` where it is ready already."""
        self.close()
        self._make = make
        self._player.set_music(prepared)
        if make and prepared is None:
            self._making = _Making(make, performance)

    def again(self, performance: Performance) -> None:
        """Make the same music ready for the same performance at another rate."""
        self.set_music(self._make, performance)

    def poll(self) -> Messages:
        """Play what is ready."""
        making = self._making
        if making is None or making.alive:
            return []
        self._making = None
        if making.prepared is None:
            self._make = None
            return [f"no music: {making.wrong}"]
        self._player.set_music(making.prepared)
        return []

    def close(self) -> None:
        """Make nothing ready any more."""
        if self._making:
            self._making.over = True
        self._making = None


class _Making:
    """A thread that makes music ready."""

    def __init__(self, make: Make, performance: Performance) -> None:
        self.share = 0.0
        self.prepared: Bed | None = None
        self.wrong = ""
        self.over = False
        self._thread = threading.Thread(target=self._run, args=(make, performance), daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it is at work."""
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
