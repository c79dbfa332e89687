"""Music on the beats of a performance that follows its edits, prepared as it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from pathlib import Path
from statistics import median

import numpy as np

from cadence_cue.app.batch import write_all
from cadence_cue.app.music.folder import music_folder
from cadence_cue.app.music.songs import Song, songs_of
from cadence_cue.coaching.session import Music
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.music import kept, matching
from cadence_cue.music.grids import LEAD, Grid, free_stretches, grids_of
from cadence_cue.music.layers import Layer, heard
from cadence_cue.music.leading import click_gains
from cadence_cue.music.matching import FREE, Span, has_room, laid, unmatched, until
from cadence_cue.music.pieces import Pieces, pieces_of
from cadence_cue.music.preparing_spans import SpanJob
from cadence_cue.music.ready import Progress
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.spans import Spans
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import EventKind, Timeline


@dataclass(frozen=True, slots=True)
class Laying:
    """Music as it is laid for a performance with its edits up to one; None for the first laying.

    `on_beats` are all spans on the beat, also those heard before the edit; `jobs` prepare what is
    heard after it, each with the files that it makes. `runs` says whether beats follow to lay a
    piece on.
    """

    edit: Edit | None
    runs: bool
    on_beats: tuple[Span, ...]
    jobs: tuple[tuple[SpanJob, tuple[Bed, ...]], ...]


class FollowingMusic:
    """The runner's songs on the beats of a performance, also after edits of it.

    Thread: `under` any, the others one at a time.
    """

    def __init__(self, music: Music, performance: Performance) -> None:
        """Edits that the performance has already are followed at once. Raises UserError."""
        self.pieces: Pieces = pieces_of(
            Path(music.file), performance.seed if music.shuffle else None
        )
        self.songs: list[Song] = []
        self.followed = performance.edits
        """Edits at which it is on the beat at once, unless they say when it was again."""
        self.fades = music.fade_click
        self._music = music
        self._folder, self.notes = music_folder("spans")
        self._layings: tuple[Laying, ...] = ()

    def under(self, performance: Performance) -> Spans:
        """Return what is heard under a performance, as far as it is laid."""
        clock, rate = performance.plan.clock, performance.timeline.rate
        layers: list[Layer] = []
        before: Laying | None = None
        for laying, edit in self._known(performance):
            beds = tuple(bed for _, made in laying.jobs for bed in made) if laying else ()
            joins = edit.joins if edit else None
            at = None if joins is None or laying is None else clock.frame(joins)
            if edit and joins is None and edit in self.followed:
                at = clock.frame(edit.at) - clock.frames(LEAD)
            since = None if edit is None else _slips(before, clock.frame(edit.at))
            layers.append(Layer(beds, since, at))
            before = laying or before
        return Spans(heard(layers, rate), self._music.level)

    def led(self, performance: Performance, timeline: Timeline, since: int) -> Timeline:
        """Return a timeline of a performance, from a frame on with the clicks that lead it.

        Of what an edit changes nothing is heard before it, so before it the click leads as if
        there were none.
        """
        events = timeline.events.copy()
        clicked = events["kind"] == EventKind.BEAT
        entered = events["frame"][clicked].min(initial=timeline.frames)
        ends = [(timeline.frames, performance)]
        for (begin, stage), (end, _) in pairwise([*performance.stages(since), *ends]):
            planned = stage.timeline.events
            beats = planned["frame"][planned["kind"] == EventKind.BEAT]
            clicks = beats[beats >= entered]
            grids = grids_of(stage.plan, off_beat=self._music.off_beat)
            gains = click_gains(clicks, grids, *self._heard_at(performance, begin))
            here = clicked & (events["frame"] >= begin) & (events["frame"] < end)
            events["gain"][here] *= gains[np.searchsorted(clicks, events["frame"][here])]
        return replace(timeline, events=events)

    def joined(self, performance: Performance) -> bool:
        """Return whether it is on the beat again after all edits of a performance."""
        return all(
            edit.joins is not None or edit in self.followed for edit in _of_beats(performance)
        )

    def on_beat(self, frame: int) -> bool:
        """Return whether, as it is laid, a piece is heard on the beats at a frame."""
        return any(span.frames[0] <= frame < span.frames[-1] for span in self.on_beats)

    def lay(self, performance: Performance, progress: Progress = lambda _: None) -> None:
        """Lay it for a performance. Raises UserError."""
        self.songs = self.songs or songs_of(self.pieces, progress)
        known = list(self._known(performance))
        layings: list[Laying] = []
        for (there, edit), (_, after) in pairwise([*known, (None, None)]):
            upto = performance.until(after.at) if after else performance
            last = layings[-1] if layings else None
            layings.append(there or self._laid(upto, edit, last))
        self._layings = tuple(layings)

    def prepare(
        self,
        performance: Performance,
        since: int | None = None,
        until: int | None = None,
        progress: Progress = lambda _: None,
    ) -> None:
        """Prepare what is heard between two frames, by default all of it. Raises UserError."""
        beds = self.under(performance).beds
        missing = {
            bed.path
            for bed in beds
            if (until is None or bed.start < until)
            and (since is None or bed.start + bed.frames > since)
            and not bed.path.exists()
        }
        jobs = [
            replace(job, wanted=wanted)
            for each in self._layings
            for job, made in each.jobs
            if (wanted := frozenset(bed.path for bed in made if bed.path in missing))
        ]
        with kept.saving_in(self._folder):
            kept.check_room(self._folder, sum(bed.frames for bed in beds if bed.path in missing))
            if jobs:
                work = write_all(jobs, len(jobs), os.cpu_count() or 1, progress)
                with closing(work):
                    for outcome in work:
                        if outcome.failed:
                            raise outcome.failed
            there = [path for path in dict.fromkeys(bed.path for bed in beds) if path.exists()]
            for path in there:
                kept.mark_used(path)
            kept.evict(self._folder, *there)

    @property
    def fits(self) -> bool | None:
        """Whether a piece is heard on the beats after the last edit that it is laid for.

        None if no beats follow to lay a piece on.
        """
        last = self._layings[-1]
        return any(job.span.matched for job, _ in last.jobs) if last.runs else None

    @property
    def on_beats(self) -> Sequence[Span]:
        """What is heard on the beats."""
        return self._layings[-1].on_beats if self._layings else ()

    def _heard_at(
        self, performance: Performance, frame: int
    ) -> tuple[Sequence[Span], list[tuple[int, float]]]:
        """Return what is on the beat after the edits up to a frame, and while it is turned down."""
        clock = performance.plan.clock
        spans: Sequence[Span] = ()
        turned_down = []
        for laying, edit in self._known(performance):
            if edit and clock.frame(edit.at) > frame:
                break
            spans = laying.on_beats if laying else ()
            if edit and (edit.joins is not None or edit not in self.followed):
                joins = inf if edit.joins is None else clock.frame(edit.joins)
                turned_down.append((clock.frame(edit.at), joins))
        return spans, turned_down

    def _known(self, performance: Performance) -> Iterator[tuple[Laying | None, Edit | None]]:
        """Yield each edit of the beats, and first None, with its laying if there is one."""
        layings, same = iter(self._layings), True
        for edit in (None, *_of_beats(performance)):
            laying = next(layings, None) if same else None
            if laying and not _same(laying.edit, edit):
                laying, same = None, False
            yield laying, edit

    def _laid(self, performance: Performance, edit: Edit | None, last: Laying | None) -> Laying:
        plan, rate = performance.plan, performance.timeline.rate
        since = None if edit is None else plan.clock.frame(edit.at)
        grids = grids_of(plan, off_beat=self._music.off_beat)
        before: list[Span] = []
        if since is not None and last:
            grids = [each.since(since) for each in grids]
            before = until(last.on_beats, since)
        goes_round = self._music.loop or not self.pieces.alone
        order = self._order(grids)
        limit = self._music.match_limit
        new = laid(grids, order, limit=limit, goes_round=goes_round, heard=before)
        on_beats = [*before, *new]
        stretches = free_stretches(plan, in_drills=self._music.in_drills)
        lengths = [
            (place, song.beats.seconds)
            for place, song in enumerate(self.songs)
            if song.beats.seconds >= FREE
        ]
        free = unmatched(stretches, on_beats, lengths, rate) if on_beats else []
        spans = [*new, *(each for each in free if since is None or each.frames[-1] > since)]
        jobs = [
            SpanJob(
                self.songs[each.place].file, self.songs[each.place].digest, each, rate, self._folder
            )
            for each in sorted(spans, key=lambda each: each.frames[0])
        ]
        made = tuple((job, tuple(job.beds())) for job in jobs)
        runs = any(map(has_room, grids))
        return Laying(edit, runs, tuple(on_beats), made)

    def _order(self, grids: Sequence[Grid]) -> list[matching.Song]:
        """Return the songs in the order that the runner asked for."""
        order = [matching.Song(place, song.beats) for place, song in enumerate(self.songs)]
        if self._music.best_first and (tempo := _usual_tempo(grids)):
            order.sort(
                key=lambda each: abs(
                    matching.nearest(each.beats.tempo, tempo)[1] if each.beats.tempo else 0.0
                )
            )
        return order


def _of_beats(performance: Performance) -> Iterator[Edit]:
    """Yield the edits that change where beats are."""
    tempi = Tempi(performance.spec.cadence_spm)
    for edit in performance.edits:
        if edit.shift or edit.tempi != tempi:
            yield edit
        tempi = edit.tempi


def _slips(laying: Laying | None, frame: int) -> int | None:
    """Return from when music slips if the beats move at a frame; None if it has none from there."""
    spans = laying.on_beats if laying else ()
    return min((max(s.frames[0], frame) for s in spans if s.frames[-1] > frame), default=None)


def _same(one: Edit | None, other: Edit | None) -> bool:
    """Return whether two edits change the beats alike."""
    if one is None or other is None:
        return one is other
    return (one.at, one.tempi, one.shift) == (other.at, other.tempi, other.shift)


def _usual_tempo(grids: Sequence[Grid]) -> float:
    """Return the median of the beats a minute; 0 if there are none."""
    tempos = [each for grid in grids for each in grid.tempos]
    return median(tempos) if tempos else 0.0
