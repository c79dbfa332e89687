"""Music that follows a performance, as what plays knows it: on its beats, or held for its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cadence_cue.errors import UserError
from cadence_cue.music.ready import PreparedMusic, Progress, ReadyMusic
from cadence_cue.sound.spans import LaidMusic, Spans
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport.holding import HeldTalk


class Following(Protocol):
    """Music that follows the edits of a performance. Thread: `under` and `joined` any."""

    fades: bool
    """Whether the click fades over it."""
    followed: tuple[Edit, ...]
    """Edits at which it is on the beat at once, unless they say when it was again."""

    @property
    def fits(self) -> bool | None:
        """Whether a piece is heard on the beats after the last edit that it is laid for.

        None if no beats follow to lay a piece on.
        """

    def under(self, performance: Performance) -> Spans:
        """Return what is heard under a performance, as far as it is laid."""

    def led(self, performance: Performance, timeline: Timeline, since: int) -> Timeline:
        """Return a timeline of a performance, from a frame on with the clicks that lead it."""

    def joined(self, performance: Performance) -> bool:
        """Return whether it is on the beat again after all edits of a performance."""

    def on_beat(self, frame: int) -> bool:
        """Return whether, as it is laid, a piece is heard on the beats at a frame."""

    def lay(self, performance: Performance, progress: Progress) -> None:
        """Lay it for a performance. Raises UserError."""

    def prepare(
        self,
        performance: Performance,
        since: int | None = None,
        until: int | None = None,
        progress: Progress = lambda _: None,
    ) -> None:
        """Prepare what is heard between two frames, by default all of it. Raises UserError."""


@dataclass(frozen=True, slots=True)
class MatchedMusic(ReadyMusic[Spans]):
    """Music on the beats of a performance, in pieces, which can follow its edits."""

    following: Following = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HeldMusic(ReadyMusic[HeldTalk]):
    """A talk that is held for the words of a performance."""


Ready = PreparedMusic | HeldMusic | MatchedMusic


def heard_under(ready: Ready, performance: Performance) -> LaidMusic:
    """Return what is heard of music under a performance. Raises OSError."""
    if isinstance(ready, MatchedMusic):
        return ready.following.under(performance)
    return ready.bed.under(performance) if isinstance(ready, HeldMusic) else ready.bed


def led(ready: Ready, performance: Performance, timeline: Timeline, since: int) -> Timeline:
    """Return a timeline of a performance, from a frame on with the clicks that music leaves."""
    if isinstance(ready, MatchedMusic) and ready.following.fades:
        return ready.following.led(performance, timeline, since)
    return timeline


def mixed(ready: Ready, performance: Performance, timeline: Timeline) -> tuple[Timeline, LaidMusic]:
    """Return a timeline of a performance with the clicks that music leaves, and that music.

    Raises UserError.
    """
    try:
        music = heard_under(ready, performance)
    except OSError as error:
        raise UserError.of(error) from error
    return led(ready, performance, timeline, timeline.start), music
