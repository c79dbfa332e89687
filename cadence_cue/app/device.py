"""What to play on. It imports little, so that the engine starts before all else is imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadence_cue.app.settings import Settings
from cadence_cue.live.output import BLOCK, Output

if TYPE_CHECKING:
    from cadence_cue.live.child import StartedProcess
    from cadence_cue.live.player import Player


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """Where and how to play; None means as the settings say.

    `latency` is in milliseconds, `block` in frames.
    """

    device: str | None = None
    backend: str | None = None
    latency: float | None = None
    block: int | None = None

    def output(self, settings: Settings) -> Output:
        """The output to open, with the settings for what is not given."""
        latency = self.latency or settings.latency
        return Output(
            device=self.device or settings.device or None,
            backend=self.backend or settings.backend or None,
            latency=latency / 1000 if latency else None,
            block=self.block or settings.block or BLOCK,
            remembered=not self.device and bool(settings.device),
        )

    def player(self, settings: Settings, started: StartedProcess | None = None) -> Player:
        """A player for this output, not started yet; of its engine the process may be `started`."""
        from cadence_cue.live.player import Player  # noqa: PLC0415 - an engine precedes it

        return Player(self.output(settings), offsets=offsets(settings), started=started)


def offsets(settings: Settings) -> dict[str, float]:
    """By how many seconds each device is heard later than it says."""
    return {name: ms / 1000 for name, ms in settings.offsets}
