"""A track to be written: plain data, which another process can write as well as this one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue import __version__
from cadence_cue.coaching.model import Library, Session
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.program import follows_cadence
from cadence_cue.coaching.wording import SAFETY
from cadence_cue.errors import printable
from cadence_cue.export.formats import EncodingOptions
from cadence_cue.export.sidecars import check_beside, write_beside
from cadence_cue.export.track import Track, contents, heard, usual_bpm
from cadence_cue.export.writer import BLOCK, Render, export
from cadence_cue.sound.bed import Bed, BedBus
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.renderer import Renderer
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Timeline

ALBUM = "cadence-cue"

_NAME_BYTES = 200  # of 255 that a file's name may have; endings and copies need some
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # on some phone or computer


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What is written, where, and what is told of it."""

    target: Path
    wish: EncodingOptions
    force: bool
    timeline: Timeline
    beats: dict[str, Clip]
    voice: dict[str, Clip]
    beat: bool
    """Whether the beat is heard."""
    track: Track
    told: str
    beside: tuple[tuple[str, str], ...] = ()
    """Endings and texts of files to be written beside it."""
    bed: Bed | None = None
    """Music underneath."""

    def write(self, progress: Callable[[float], object]) -> str:
        """Write it and what goes beside it, and tell in a line what it became, and how large.

        `progress` hears the share that is done; whatever it raises ends it, and nothing is left.
        Raises UserError.
        """
        frames = self.track.frames
        check_beside(self.target, (ending for ending, _ in self.beside), force=self.force)
        with self._sound() as (render, channels):
            export(
                render,
                self.timeline.start,
                self.timeline.frames,
                self.timeline.rate,
                self.target,
                channels=channels,
                wish=self.wish,
                force=self.force,
                track=self.track,
                progress=lambda done: progress(done / frames),
            )
        for ending, text in self.beside:
            write_beside(self.target, ending, text, force=self.force)
        size = self.target.stat().st_size / 1e6
        return f"{printable(str(self.target))}: {self.length}, {size:.1f} MB, {self.told}"

    @property
    def length(self) -> str:
        """Its minutes and seconds."""
        return clock(self.track.frames / self.track.rate)

    @contextmanager
    def _sound(self) -> Iterator[tuple[Render, int]]:
        """What fills the blocks, and how many channels they have."""
        renderer = Renderer(self.timeline, self.beats, self.voice)
        if self.bed is None:
            yield partial(renderer.render, beat=self.beat), 1
            return
        bus = BedBus(self.bed, self.timeline, voice=bool(self.voice))
        mono = np.zeros(BLOCK, np.float32)

        def render(start: int, ears: npt.NDArray[np.float32]) -> None:
            both = mono[: len(ears)]
            renderer.render(start, both, beat=self.beat)
            ears[:, 0] = both
            ears[:, 1] = both
            bus.add(start, ears)

        try:
            yield render, 2
        finally:
            bus.close()


def export_job(  # noqa: PLR0913 - what is written, where, for whom, and what lies under it
    performance: Performance,
    timeline: Timeline,
    target: Path,
    *,
    wish: EncodingOptions = EncodingOptions(),  # noqa: B008 - frozen
    force: bool = False,
    beat: bool = True,
    voice: bool = True,
    number: int = 0,
    who: str = "",
    music: str = "",
    bed: Bed | None = None,
) -> ExportJob:
    """The order for a timeline of a performance.

    `number` is its place among several, `who` the runner whom it is for, `music` what is told of
    the `bed`.
    """
    rate, frames = timeline.rate, timeline.frames - timeline.start
    told = f"seed {performance.seed}"
    cadence_spm = (
        performance.spec.cadence_spm
        if any(part.follows_cadence for part in performance.parts)
        else None
    )
    if cadence_spm is not None:
        told = f"own cadence {float(cadence_spm):g}, {told}"
    if music:
        told = f"{told}, music {printable(music)}"
    title = " - ".join(filter(None, (who, performance.session.title)))
    chapters, lines = contents(timeline)
    track = Track(
        rate=rate,
        frames=frames,
        title=printable(title),
        artist="cadence-cue",
        album=ALBUM,
        number=number,
        date=date.today().isoformat(),  # noqa: DTZ011 - the runner's own day
        genre="Workout",
        comment=f"{told}. {performance.session.name}, cadence-cue {__version__}. {SAFETY}.",
        bpm=usual_bpm(timeline),
        cover=_cover(printable(title), timeline, cadence_spm),
        chapters=chapters,
        lines=lines if voice else (),
    )
    return ExportJob(
        target,
        wish,
        force,
        timeline,
        performance.beats,
        performance.voice if voice else {},
        beat,
        track,
        told,
        bed=bed,
    )


def track_name(session: Session, library: Library, cadence_spm: Fraction, who: str = "") -> str:
    """What the file of a track is called, without an ending: "Anna - Daily ten - own 165"."""
    cadence = f"own {float(cadence_spm):g}" if follows_cadence(session, library) else ""
    words = (who, session.title, cadence)
    name = _NOT_IN_NAMES.sub("_", printable(" - ".join(filter(None, words)))).strip(" .")
    return name.encode()[:_NAME_BYTES].decode(errors="ignore") or "track"


def _cover(title: str, timeline: Timeline, cadence_spm: Fraction | None) -> bytes:
    from cadence_cue.export.cover import cover  # noqa: PLC0415 - Pillow takes a while

    seconds = sum(mark.frames for mark in heard(timeline)) / timeline.rate
    below = [clock(seconds), "" if cadence_spm is None else f"own cadence {float(cadence_spm):g}"]
    return cover(title, (" · ".join(filter(None, below)), "cadence-cue"), timeline)
