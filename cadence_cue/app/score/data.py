"""A score as data for other programs, printed by `score --json` and kept with all of its steps."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cadence_cue.app.score.scoring import PhaseScore, Score
from cadence_cue.export.target import explained, new_file
from cadence_cue.scoring.statistics import FEWEST_FOR_LABEL


def score_data(score: Score) -> dict[str, Any]:
    """Return a score as plain data for JSON."""
    source = score.source
    return {
        "phases": [_phase_data(phase, score) for phase in score.phases],
        "source": source.name,
        "calibrated": source.calibrated,
        "clock_ppm": _rounded(source.clock_ppm, 2),
        "latency_ms": _rounded(source.latency_ms, 2),
        "noise_db": _rounded(source.noise_db, 1),
    }


def write_score(score: Score, path: Path, *, force: bool) -> None:
    """Write a score as JSON, with every step that it comes from. Raises UserError."""
    steps = [asdict(step) for step in score.steps]
    data = {"session": score.session, **score_data(score), "steps": steps}
    with new_file(path, force=force) as hidden, explained(path):
        text = json.dumps(data, ensure_ascii=False) + "\n"
        hidden.write_text(text, "utf-8", "backslashreplace")  # names may hold any bytes


def _phase_data(phase: PhaseScore, score: Score) -> dict[str, Any]:
    found, source = phase.judgement, score.source
    known = found.spread if found.judged >= FEWEST_FOR_LABEL else None
    return {
        "index": phase.index,
        "title": phase.title,
        "side": phase.side,
        "beats": found.beats,
        "matched": found.matched,
        "missed": found.missed,
        "extra": found.extra,
        "tempo_error_percent": _rounded(found.tempo_error, 3, 100),
        "asynchrony_ms": _rounded(found.asynchrony, 1, 1000) if source.calibrated else None,
        "sd_ms": _rounded(found.spread.seconds if found.spread else None, 1, 1000),
        "consistency": _rounded(known.consistency if known else None, 3),
        "drift_per_minute": _rounded(found.drift, 2) if source.one_clock else None,
        "left_right_ms": _rounded(found.left_right, 1, 1000) if source.one_clock else None,
        "landing_db": _rounded(score.louder(phase), 1),
        "not_heard": found.not_heard,
        "judged": found.judged,
    }


def _rounded(value: float | None, digits: int, times: float = 1) -> float | None:
    return None if value is None else round(value * times, digits) + 0.0  # no "-0.0"
