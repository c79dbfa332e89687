"""Music that is ready to be mixed, and what the runner should know about it.

Separate from the preparing, so that what plays it imports no decoders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cadence_cue.sound.bed import Bed

Progress = Callable[[float], object]
"""Is told the share done, 0 to 1."""

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class ReadyMusic(Generic[B]):
    """Music that can be mixed, and what the runner should know about it.

    `extent` says how much there is, `summary` also what happens at its end, and `notes` name what
    was left out or is doubtful. `ends_early` says that it ends before the session.
    """

    bed: B
    extent: str
    summary: str
    notes: tuple[str, ...] = ()
    ends_early: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """All sentences, the summary first: where only the beginning is seen, it is that."""
        return (self.summary, *self.notes)


@dataclass(frozen=True, slots=True)
class PreparedMusic(ReadyMusic[Bed]):
    """Music at its own tempo, in one file."""
