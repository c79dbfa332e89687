"""Plans the export of a track as a job of plain data, which another process can write too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cadence_cue import __version__
from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import FileOptions, PerformanceOptions
from cadence_cue.app.preparing import Prepared, prepare
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks.performed import made
from cadence_cue.app.tracks.timeline_data import timeline_data
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.explaining import unexplained
from cadence_cue.coaching.ladder import Rung
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.phase_tempos import follows_cadence
from cadence_cue.coaching.session import Music, Session
from cadence_cue.coaching.wording import SAFETY
from cadence_cue.errors import printable
from cadence_cue.export.formats import EncodingOptions
from cadence_cue.export.report import measure
from cadence_cue.export.sidecars import check_beside, sidecars, write_beside
from cadence_cue.export.track import Track, contents, heard, usual_bpm
from cadence_cue.export.writer import check_target, export
from cadence_cue.sound.bed import Underneath
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.mix import mix
from cadence_cue.studio import Performance
from cadence_cue.timing import RATE
from cadence_cue.timing.talking import share
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport.following import mixed
from cadence_cue.voice.casting import Progress as Speaking
from cadence_cue.voice.casting import nothing

if TYPE_CHECKING:
    from cadence_cue.app.music.songs import Song
    from cadence_cue.music.pieces import Pieces
    from cadence_cue.transport.following import Ready

ALBUM = "cadence-cue"

_NAME_BYTES = 200  # of the 255 that a file name may have; leaves room for endings and copies
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # on some phone or computer


@dataclass(frozen=True, slots=True)
class ExportJob:
    """Everything needed to write a track and the files beside it."""

    target: Path
    encoding: EncodingOptions
    force: bool
    timeline: Timeline
    beats: dict[str, Clip]
    voice: dict[str, Clip]
    beat: bool
    """Whether the beat is heard."""
    track: Track
    facts: str
    """The cadence, seed and music it was made with, for the summary and the comment."""
    beside: tuple[tuple[str, str], ...] = ()
    """Endings and contents of the text files to write beside it."""
    music: Underneath | None = None
    """The runner's music, prepared."""
    made: Mapping[str, object] = field(default_factory=dict)
    """How the track is planned again, as JSON has it."""

    def write(self, progress: Callable[[float], object]) -> str:
        """Write the track and the files beside it; return a line with its length and size.

        `progress` is called with the share done, from 0 to 1. If it raises, the writing stops and
        leaves no file. Raises UserError.
        """
        frames = self.track.frames
        check_beside(self.target, self.beside, force=self.force)
        sound = mix(self.timeline, self.beats, self.voice, beat=self.beat, music=self.music)
        with sound as (render, channels):
            export(
                render,
                self.timeline.start,
                self.timeline.frames,
                self.timeline.rate,
                self.target,
                channels=channels,
                wish=self.encoding,
                force=self.force,
                track=self.track,
                progress=lambda done: progress(done / frames),
            )
        for ending, text in self.beside:
            write_beside(self.target, ending, text, force=self.force)
        size = self.target.stat().st_size / 1e6
        return f"{printable(str(self.target))}: {self.length}, {size:.1f} MB, {self.facts}"

    def into(self, target: Path, *, force: bool) -> ExportJob:
        """Return the job that writes the same track to another file, in the format of its name.

        Raises UserError if that cannot be written.
        """
        check_target(target, self.timeline.rate, wish=self.encoding, force=force)
        named = dict(sidecars(target, self.track))
        beside = tuple((ending, named.get(ending, text)) for ending, text in self.beside)
        return replace(self, target=target, force=force, beside=beside)

    @property
    def length(self) -> str:
        """The length of the track as M:SS."""
        return clock(self.track.frames / self.track.rate)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A track to export.

    `who` is the name of the runner it is for. `number` is its place among several tracks, from 1;
    0 for a single one.
    """

    session: Session
    target: Path
    options: PerformanceOptions = PerformanceOptions()
    files: FileOptions = FileOptions()
    music: Music | None = None
    who: str = ""
    number: int = 0


def plan_export(
    request: ExportRequest,
    library: Library,
    settings: Settings,
    *,
    practices: Sequence[Practice] = (),
    speaking: Speaking = nothing,
    planned: Callable[[Prepared], object] = lambda _: None,
    hear: Callable[[Pieces], list[Song]] | None = None,
    prepare_music: Callable[[Music, Performance], Ready] | None = None,
) -> ExportJob:
    """Plan a track with its music and the files beside it.

    `speaking` is called with the progress of speech synthesis, `planned` with the planned
    performance, `hear` instead of `app.music.songs.songs_of` and `prepare_music` instead of
    `app.music.under.music_under`. Raises UserError; if the target cannot be written or the music
    cannot be played or matched, before anything is planned.
    """
    files, target = request.files, request.target
    rate = files.rate or RATE
    check_target(target, rate, wish=files.encoding, force=files.force)
    if request.music:
        from cadence_cue.app.music.under import check_for, music_under  # noqa: PLC0415 - decoders

        check_for(
            request.music,
            request.session,
            library,
            settings,
            request.options,
            live=False,
            hear=hear,
        )
        prepare_music = prepare_music or music_under
    prepared = prepare(
        request.session,
        library,
        settings,
        request.options,
        live=False,
        rate=rate,
        practices=practices,
        progress=speaking,
    )
    timeline = prepared.timeline
    planned(prepared)
    performance, music = prepared.performance, request.music
    ready_music = prepare_music(music, performance) if music and prepare_music else None
    bed: Underneath | None = None
    if ready_music:
        timeline, bed = mixed(ready_music, performance, timeline)
    job = timeline_job(
        performance,
        timeline,
        target,
        files=files,
        beat=request.options.beat,
        number=request.number,
        who=request.who,
        music=bed,
        music_facts=_music_facts(music, ready_music) if music and ready_music else "",
        rungs=prepared.rungs,
    )
    beside = (*_card(job, prepared, files), *_sidecars(job, files))
    return replace(job, beside=beside, made=made(prepared))


def timeline_job(  # noqa: PLR0913 - what to write, where, for whom, and with which music
    performance: Performance,
    timeline: Timeline,
    target: Path,
    *,
    files: FileOptions = FileOptions(),
    beat: bool = True,
    number: int = 0,
    who: str = "",
    music: Underneath | None = None,
    music_facts: str = "",
    rungs: Mapping[str, Rung] = MappingProxyType({}),
) -> ExportJob:
    """Return the job that writes a timeline of a performance, mixed with `music` if given.

    `rungs` are those that the runner has climbed to, by the ids of drills.
    """
    spec, voice = performance.spec, performance.spec.speaks
    follows = any(part.follows_cadence for part in performance.parts)
    cadence_spm = spec.cadence_spm if follows else None
    parts = (
        f"own cadence {float(cadence_spm):g}" if cadence_spm is not None else "",
        f"seed {performance.seed}",
        music_facts,
        _by_hand(len(performance.edits)),
        *(f"{drill} {rung.above:+d}" for drill, rung in rungs.items() if rung.above),
    )
    facts = ", ".join(filter(None, parts))
    title = printable(" - ".join(filter(None, (who, performance.session.title))))
    chapters, lines = contents(timeline)
    track = Track(
        rate=timeline.rate,
        frames=timeline.frames - timeline.start,
        title=title,
        artist="cadence-cue",
        album=ALBUM,
        number=number,
        date=date.today().isoformat(),  # noqa: DTZ011 - the runner's own day
        genre="Workout",
        comment=f"{facts}. {performance.session.name}, cadence-cue {__version__}. {SAFETY}.",
        bpm=usual_bpm(timeline),
        cover=_cover(title, timeline, cadence_spm),
        chapters=chapters,
        lines=lines if voice else (),
    )
    return ExportJob(
        target,
        files.encoding,
        files.force,
        timeline,
        performance.beats,
        performance.voice,
        beat,
        track,
        facts,
        music=music,
    )


def _music_facts(music: Music, ready_music: Ready) -> str:
    return f"music {printable(Path(music.file).name)} ({ready_music.extent})"


def _card(job: ExportJob, prepared: Prepared, files: FileOptions) -> Iterator[tuple[str, str]]:
    if files.card:
        from cadence_cue.share.html import card  # noqa: PLC0415 - only if one is wanted

        drills = unexplained(prepared.performance.session, prepared.library, ())
        yield ".html", card(job.track, f"{job.length}, {job.facts}", drills)


def _sidecars(job: ExportJob, files: FileOptions) -> Iterator[tuple[str, str]]:
    if files.sidecars:
        data = json.dumps(timeline_data(job.timeline), ensure_ascii=False, indent=1)
        yield from sidecars(job.target, job.track)
        yield ".timeline.json", f"{data}\n"


def report(job: ExportJob) -> str:
    """Measure a written track: a line with its loudness, true peak and share of speech."""
    lufs, peak = measure(job.target)
    return (
        f"{printable(job.target.name)}: {lufs:.1f} LUFS, true peak {peak:.1f} dBTP, "
        f"{100 * share(job.timeline):.0f} % of the time spoken"
    )


def _by_hand(changes: int) -> str:
    return f"{changes} change{'s' * (changes > 1)} by hand" if changes else ""


def track_name(
    session: Session,
    library: Library,
    cadence_spm: Fraction,
    who: str = "",
    *,
    performed: bool = False,
) -> str:
    """Return a track's default file name without an ending: "Anna - Daily ten - own 165"."""
    cadence = f"own {float(cadence_spm):g}" if follows_cadence(session, library) else ""
    title = session.title.replace(": ", " - ")
    words = (who, title, cadence, "performed" if performed else "")
    name = _NOT_IN_NAMES.sub("_", printable(" - ".join(filter(None, words)))).strip(" .")
    return name.encode()[:_NAME_BYTES].decode(errors="ignore") or "track"


def _cover(title: str, timeline: Timeline, cadence_spm: Fraction | None) -> bytes:
    from cadence_cue.export.cover import cover  # noqa: PLC0415 - Pillow is slow to import

    seconds = sum(mark.frames for mark in heard(timeline)) / timeline.rate
    below = [clock(seconds), "" if cadence_spm is None else f"own cadence {float(cadence_spm):g}"]
    return cover(title, (" · ".join(filter(None, below)), "cadence-cue"), timeline)
