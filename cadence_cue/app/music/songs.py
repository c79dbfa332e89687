"""The runner's songs: which have a beat that can be followed, and which fit a cadence."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cadence_cue.app.batch import write_all
from cadence_cue.app.music.folder import music_folder
from cadence_cue.coaching.session import MATCH_LIMIT
from cadence_cue.errors import printable
from cadence_cue.music.analysing import Analysing, kept_at, kept_beats
from cadence_cue.music.beats import SHORTEST, Beats
from cadence_cue.music.kept import digest
from cadence_cue.music.matching import fits, nearest
from cadence_cue.music.pieces import Pieces
from cadence_cue.music.ready import Progress

RUNNING = (140, 210)
"""Steps a minute at which one runs: no other cadence is proposed."""


@dataclass(frozen=True, slots=True)
class Song:
    """A piece of music by its file, its name for the runner and its content, with its beats.

    `unreadable` says why there are none, else it is "".
    """

    file: Path
    name: str
    digest: str
    beats: Beats
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a song would be matched to a tempo: beats of that to each of its own, and the stretch.

    A positive stretch, in per cent, makes it quicker. `factor` is 0 without a beat. `reason`
    says why it does not fit, else "".
    """

    song: Song
    factor: float = 0.0
    stretch: float = 0.0
    reason: str = ""

    @property
    def data(self) -> dict[str, object]:
        """The same as plain data for JSON."""
        tempo = self.song.beats.tempo
        return {
            "file": self.song.name,
            "tempo": round(tempo, 2) if tempo else None,
            "confidence": round(self.song.beats.followed, 2),
            "factor": self.factor or None,
            "stretch_percent": round(self.stretch, 2) + 0.0 if self.factor else None,  # no "-0.0"
            "fits": not self.reason,
            "reason": self.reason or None,
        }


def songs_of(pieces: Pieces, progress: Progress = lambda _: None) -> list[Song]:
    """Return all pieces with their beats, which are found now if they are not known yet.

    They are found by several processes, and kept one by one: what was found when `progress`, which
    is called with the share done, raises is not looked for again. Raises UserError if it
    cannot be saved.
    """
    folder, _ = music_folder("beats")
    digests = []
    for file in pieces.files:
        progress(0.0)  # a large folder takes a while to read, and may be left meanwhile
        digests.append(digest(file))
    kept = [kept_at(folder, each) for each in digests]
    jobs = [
        (place, Analysing(file, target))
        for place, (file, target) in enumerate(zip(pieces.files, kept, strict=True))
        if kept_beats(target) is None
    ]
    failed: dict[int, str] = {}
    if jobs:
        work = write_all((job for _, job in jobs), len(jobs), os.cpu_count() or 1, progress)
        with closing(work):
            for outcome in work:
                if outcome.failed and outcome.failed.where == printable(str(folder)):
                    raise outcome.failed  # no fault of the piece
                if outcome.failed:
                    failed[jobs[outcome.place][0]] = outcome.failed.what
    return [
        Song(
            file,
            pieces.name(file),
            digests[place],
            kept_beats(kept[place]) or Beats(),
            failed.get(place, "").rstrip("."),
        )
        for place, file in enumerate(pieces.files)
    ]


def verdict(song: Song, tempo: float, limit: float = MATCH_LIMIT) -> Verdict:
    """Return how a song would be matched to a tempo."""
    if song.unreadable:
        return Verdict(song, reason=f"it cannot be used: {song.unreadable}")
    if not song.beats.tempo:
        short = song.beats.seconds < SHORTEST
        why = "it is too short" if short else "it keeps no beat that can be followed"
        return Verdict(song, reason=why)
    factor, stretch = nearest(song.beats.tempo, tempo)
    far = f"it would have to be {_way(stretch)}" if abs(stretch) > limit else ""
    return Verdict(song, factor, stretch, far)


def best_cadence(
    songs: Iterable[Song],
    near: float,
    limit: float = MATCH_LIMIT,
    runs_at: Callable[[int], Iterable[float]] = lambda cadence: [cadence],
) -> tuple[int, int] | None:
    """Return the cadence that most songs fit, the nearest to `near` of several, and how many.

    `runs_at` gives the tempos of the runs at a cadence, of which a song has to fit one. None if
    there is no cadence to run at that any fits.
    """
    tempos = [song.beats.tempo for song in songs]
    counts = {}
    for cadence in range(RUNNING[0], RUNNING[1] + 1):
        runs = set(runs_at(cadence))
        counts[cadence] = sum(any(fits(each, run, limit) for run in runs) for each in tempos)
    best = min(counts, key=lambda each: (-counts[each], abs(each - near)))
    return (best, counts[best]) if counts[best] else None


def in_words(verdicts: Sequence[Verdict], tempo: float, limit: float = MATCH_LIMIT) -> list[str]:
    """Return a line for each song, and how many fit at this tempo and at the best one.

    One beat to two steps is not told: it would have to be quicker than any that is found.
    """
    lines = [_line(each) for each in verdicts]
    songs = [each.song for each in verdicts]
    count = sum(not each.reason for each in verdicts)
    low, high = (tempo / (1 + by / 100) for by in (limit, -limit))
    told = (
        f"{count} of {len(songs)} fit {tempo:g} steps a minute: music of {low:.0f} to {high:.0f} "
        f"beats a minute does, and of {low / 2:.0f} to {high / 2:.0f}."
    )
    best = best_cadence(songs, tempo, limit)
    if best and best[1] > count:
        told += f" Most, {best[1]}, fit {best[0]} steps."
    elif not best and any(song.beats.tempo for song in songs):
        told += f" None fits {RUNNING[0]} to {RUNNING[1]} steps."
    return [*lines, told]


def _line(verdict: Verdict) -> str:
    tempo, factor = verdict.song.beats.tempo, verdict.factor
    told = f"{printable(verdict.song.name)}: "
    if verdict.song.unreadable:
        return f"{told}{verdict.song.unreadable}"
    if tempo:
        each = {2.0: "two to a beat", 0.5: "one to two beats"}.get(factor, "one to a beat")
        told += f"{tempo:.1f} beats a minute, {factor * tempo:.0f} steps, {each}; "
    if verdict.reason:
        told += f"does not fit: {verdict.reason}"
    else:
        told += f"fits, {_way(verdict.stretch) if abs(verdict.stretch) >= 0.05 else 'as it is'}"
    damage = printable(verdict.song.beats.damage)
    return f"{told}; it {damage}" if damage else told


def _way(stretch: float) -> str:
    return f"{abs(stretch):.1f} % {'quicker' if stretch > 0 else 'slower'}"
