"""Music on the beats of a performance, as what plays knows it: it is laid anew when those move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cadence_cue.music.ready import Progress, ReadyMusic
from cadence_cue.sound.bed import Underneath
from cadence_cue.sound.spans import Spans
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import Timeline

if TYPE_CHECKING:
    from cadence_cue.music.leading import Leading  # not to import the finding of beats


class Following(Protocol):
    """Music that follows the edits of a performance. Thread: `under` and `joined` any."""

    followed: tuple[Edit, ...]
    """Edits at which it is on the beat at once, unless they say when it was again."""

    @property
    def fits(self) -> bool | None:
        """Whether a piece is heard on the beats after the last edit that it is laid for.

        None if no beats follow to lay a piece on.
        """

    def under(self, performance: Performance) -> Spans:
        """Return what is heard under a performance, as far as it is laid."""

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
    """Music on the beats of a performance, in pieces, which can follow its edits.

    `leading` fades the click over it in a track.
    """

    following: Following = field(kw_only=True)
    leading: Leading | None = None

    def under(self, timeline: Timeline, *, spoken: bool) -> tuple[Timeline, Underneath]:
        """Return a timeline of the performance with its clicks, and what is heard under it."""
        del spoken  # nothing is held for words
        return self.leading.under(timeline) if self.leading else timeline, self.bed
