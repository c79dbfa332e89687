"""Holds a recorded run against a session: which one, where it began, what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from cadence_cue import storage
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.kept_reviews import kept_reviews, write_reviews
from cadence_cue.app.plan.planning import Later, later_of
from cadence_cue.app.preparing import Prepared
from cadence_cue.coaching.session import STANDING, Kind
from cadence_cue.errors import UserError, WayOut
from cadence_cue.season.aligning import align
from cadence_cue.season.plan import Plan
from cadence_cue.season.planned import PlannedPhase
from cadence_cue.season.recording import RecordedRun
from cadence_cue.season.reviewing import BANDS, Figures, Review, review
from cadence_cue.timing.timeline import EventKind, Timeline

_AS_FAST_AS_RUNNING = 140  # steps a minute; a slower drill can look like anything
_NEAR_THE_LOG = 180  # seconds; the log knows when a session ended, not when it was paused
_FITS_THE_LOG = 0.7
_HALF_A_DAY = 43_200.0  # seconds
_KEPT_FROM = 60  # seconds of running without a click that tell something of one's own cadence


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with what it is of; `how` says how the start was found: aligned, told or log."""

    run: RecordedRun
    title: str
    session: str
    cadence: float | None
    """The runner's own, in steps a minute; None where it is only assumed."""
    review: Review
    how: str
    score: float | None
    later: Later | None = None
    """What it is after a plan; None for any other run."""

    @property
    def against_own(self) -> float | None:
        """How far the steps on a steady click were above one's own cadence, in per cent."""
        mean = self.review.whole.mean_spm
        return 100 * (mean / self.cadence - 1) if mean and self.cadence else None


def reviewed(
    run: RecordedRun,
    path: Path,
    prepared: Prepared,
    *,
    start: str | None = None,
    logged: Practice | None = None,
    practices: Iterable[Practice] = (),
    plan: Plan | None = None,
) -> Reviewed:
    """Hold the run that was read from a file against a prepared session.

    `start` is where in the recording the track began, as `12.4s` or a time of day; `logged` the
    entry of the log that is meant, else one of `practices` that ended within the recording; `plan`
    the plan that the session may be of.
    Raises UserError if it does not look like the session.
    """
    phases = planned_phases(prepared.timeline)
    length = max((phase.end for phase in phases), default=0.0)
    if start is not None:
        began, how, score = told_start(start, run), "told", None
        if not -length < began <= run.seconds[-1]:
            what = f'with a start at "{start}" nothing of the session is in the recording'
            raise UserError(what, where=path)
    else:
        expected = _expected(run, logged, prepared.session.name, practices, length)
        began, how, score = _found(path, run, phases, expected)
    result = review(run, phases, began)
    own = None if prepared.cadence_assumed else float(prepared.performance.spec.cadence_spm)
    session = prepared.session
    later = later_of(plan, session.name) if plan else None
    return Reviewed(run, session.title, session.name, own, result, how, score, later)


def planned_phases(timeline: Timeline) -> list[PlannedPhase]:
    """Return the phases of a timeline in seconds from its first frame."""
    beats = timeline.events["phase"][timeline.events["kind"] == EventKind.BEAT]
    clicked = set(beats.tolist())
    return [
        PlannedPhase(
            index=mark.index,
            title=mark.title,
            start=(mark.start - timeline.start) / timeline.rate,
            seconds=mark.frames / timeline.rate,
            runs=mark.kind == Kind.RUN
            or (mark.kind == Kind.DRILL and mark.tempo >= _AS_FAST_AS_RUNNING),
            stands=mark.kind in STANDING,
            target=mark.step_rate,
            clicks=mark.index in clicked,
        )
        for mark in timeline.marks
    ]


def told_start(text: str, run: RecordedRun) -> float:
    """Return the seconds from the first record to a start that was told.

    Raises UserError for what is neither seconds, such as `12.4s`, nor a time of day.
    """
    try:
        if text.endswith("s"):
            seconds = float(text[:-1])
            if math.isfinite(seconds):
                return seconds
        clock = datetime.strptime(text, "%H:%M:%S").time()  # noqa: DTZ007 - the run has the zone
    except ValueError:
        raise UserError(
            f'"{text}" is no start: give seconds from the first record, as 12.4s, or the time of '
            "day, as 07:31:05"
        ) from None
    moment = datetime.combine(run.started.date(), clock, run.started.tzinfo)
    seconds = (moment - run.started).total_seconds()
    if seconds < -_HALF_A_DAY:  # the run went on past midnight
        return seconds + 2 * _HALF_A_DAY
    if seconds > max(_HALF_A_DAY, run.seconds[-1]):  # the track began before midnight
        return seconds - 2 * _HALF_A_DAY
    return seconds


def _expected(
    run: RecordedRun,
    logged: Practice | None,
    session: str,
    practices: Iterable[Practice],
    length: float,
) -> float | None:
    """Return where in the recording the log says that the session began, None if nowhere."""
    of_session = [each for each in practices if each.session == session and each.performed]
    for each in [logged] if logged else reversed(of_session):
        try:
            ended = datetime.fromisoformat(each.date).astimezone()
        except ValueError:
            continue
        began = (ended - run.started).total_seconds() - length * each.share
        if -length < began < run.seconds[-1]:
            return began
    return None


def _found(
    path: Path, run: RecordedRun, phases: Sequence[PlannedPhase], expected: float | None
) -> tuple[float, str, float]:
    """Return the start, how it was found, and how well it fits."""
    if expected is not None:
        near = align(run, phases, near=expected, within=_NEAR_THE_LOG)
        if near and (near.believable or near.score >= _FITS_THE_LOG):
            return near.start, "aligned", near.score
        return expected, "log", near.score if near else 0.0
    best = align(run, phases)
    if best is None or not best.believable:
        raise UserError(
            "this run does not look like that session",
            where=path,
            way_out=WayOut.TELL_START,
        )
    return best.start, "aligned", best.score


def data(result: Reviewed) -> dict[str, Any]:
    """Return a review as plain data for JSON."""
    return {
        "start_s": _rounded(result.review.start),
        "score": _rounded(result.score),
        "how": result.how,
        "phases": [
            {
                "index": each.phase.index,
                "title": each.phase.title,
                "target_spm": list(each.phase.target) if each.phase.target else None,
                **_figures(each.figures),
                "settle_s": _rounded(each.settle_s),
            }
            for each in result.review.phases
        ],
        "whole": {
            "index": None,
            "title": result.title,
            "target_spm": None,
            **_figures(result.review.whole),
            "settle_s": _rounded(settling(result.review)),
        },
    }


def settling(result: Review) -> float | None:
    """Return in how many seconds the step was found typically; None where it mostly was not.

    In the steady phases with a click in which there was running.
    """
    found = [
        math.inf if each.settle_s is None else each.settle_s
        for each in result.phases
        if each.phase.clicks and each.phase.steady and each.figures.moving_s
    ]
    typical = median(found) if found else math.inf
    return typical if math.isfinite(typical) else None


def _figures(figures: Figures) -> dict[str, float | None]:
    return {
        "moving_s": _rounded(figures.moving_s),
        "mean_spm": _rounded(figures.mean_spm),
        "median_spm": _rounded(figures.median_spm),
        "bias_percent": _rounded(figures.bias_percent),
        **{
            f"within_{band}_percent": _rounded(share)
            for band, share in zip(BANDS, figures.within, strict=True)
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def keep(result: Reviewed, folder: Path) -> list[dict[str, Any]]:
    """Keep the figures of a review, nothing of the run itself; return all that are kept.

    A run that is reviewed again replaces what was kept of it. Raises OSError.
    """
    own, whole = result.review.own, result.review.whole
    line = {
        "date": result.run.started.isoformat(timespec="seconds"),
        "session": result.session,
        "title": result.title,
        "cadence": result.cadence,
        **_figures(whole),
        "alone_spm": _rounded(result.review.alone.mean_spm),
        "own_spm": _rounded(own.mean_spm) if own.moving_s >= _KEPT_FROM else None,
    }
    with storage.locked(folder):
        kept = [each for each in kept_reviews(folder) if each.get("date") != line["date"]]
        kept = sorted([*kept, line], key=lambda each: str(each.get("date")))
        write_reviews(kept, folder)
    return kept
