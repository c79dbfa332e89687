"""A score in words for the runner, which tell what is known and never scold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import sqrt
from typing import TYPE_CHECKING

from cadence_cue.app.score.scoring import PhaseScore, Score, SetsScore, Source, Unheard
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.pages import signed
from cadence_cue.scoring.labels import EARLY, LATE, STABLE, TempoLabel, tempo_label
from cadence_cue.scoring.statistics import FEWEST_FOR_LABEL, FEWEST_FOR_TEMPO, Judgement, Spread

if TYPE_CHECKING:
    from cadence_cue.app.score.live import LiveScore

_TOO_SHORT = "too short to judge"
_UNEVEN = "no even rhythm to judge"
_UNHEARD = {
    Unheard.SOFT: "too soft to count, and soft is good; to be counted, tap on keys",
    Unheard.LOUD: "too loud here to hear your steps; to be counted, tap on keys",
    Unheard.COVERED: "our clicks cover your steps; {}, or use headphones or keys",
    Unheard.DEAF: "not heard",
}
_EVERY = {2: "second", 3: "third", 4: "fourth"}
_AS_LOUD = 1.5  # decibels: less is hardly heard, and no more than the scatter of a dozen steps
_USUAL = 0.1  # seconds: whoever is further from the other sets has met the beat in another way


def score_lines(score: Score) -> list[str]:
    """Return a score in lines: one for each phase with beats, then one for each drill."""
    lines = [f"{each.place or '':3}  {phase_line(each, score)}" for each in score.phases]
    sets = [f"     {each.title}  {_sets(each)}" for each in score.sets]
    notes = list(_notes(score))
    return [score.title, *lines, *([""] if sets else []), *sets, *([""] if notes else []), *notes]


def phase_line(phase: PhaseScore, score: Score) -> str:
    """Return how the steps of one phase of a score met its beats."""
    return f"{_titled(phase)}  {_phase(phase, score)}"


def ended_lines(score: LiveScore, ended: Iterable[PhaseScore]) -> list[str]:
    """Return a line for each phase that has ended and of which something is to be told."""
    told = [each for each in ended if each.unheard or each.judgement.judged or each.judgement.extra]
    so_far = score.so_far() if told else None
    return [phase_line(each, so_far) for each in told if so_far]


def _titled(phase: PhaseScore) -> str:
    one_leg = phase.side in (Side.LEFT, Side.RIGHT) and phase.side not in phase.title.lower()
    return f"{phase.title}, {phase.side}" if one_leg else phase.title


def _phase(phase: PhaseScore, score: Score) -> str:
    if untold := _untold(phase, score.source):
        return untold
    found = phase.judgement
    if not phase.led:
        return f"your own rhythm: {_own(found, score)}"
    counts = [f"{found.matched} of {found.beats}"]
    counts += [f"on every {_EVERY[found.every]} beat"] if found.every in _EVERY else []
    counts += [f"{found.extra} more"] if found.extra else []
    counts += [f"{found.not_heard} not heard"] if found.not_heard else []
    if found.tempo_error is None:
        return f"{', '.join(counts)}; {_unjudged(found)}"
    told = [", ".join(counts), _tempo(found.tempo_error)]
    if found.asynchrony is not None and score.source.calibrated:
        told.append(_asynchrony(found.asynchrony))
    if (change := _change(phase, score)) is not None:
        told.append(f"{signed(round(1000 * change))} ms against your usual")
    if found.spread:
        told.append(f"scatter {_scatter(found.spread)}")
    if found.left_right is not None and score.source.one_clock:
        told.append(_feet(found.left_right, found))
    if found.recovery is not None:
        told.append(f"back on the beat {_beats(found.recovery)} after a miss")
    return "; ".join([*told, *_landing(score.louder(phase))])


def _untold(phase: PhaseScore, source: Source) -> str:
    """Return why nothing is told of a phase; "" if something is."""
    found = phase.judgement
    if phase.unheard:
        way_out = "turn the sound down" if source.calibrated else "calibrate"
        return _UNHEARD[phase.unheard].format(way_out)
    if not phase.listened:
        return "nothing to listen for"
    if not found.beats:
        return _TOO_SHORT
    return _UNHEARD[Unheard.DEAF] if found.not_heard == found.beats else ""


def _unjudged(found: Judgement) -> str:
    return _TOO_SHORT if found.judged < FEWEST_FOR_TEMPO else _UNEVEN


def _own(found: Judgement, score: Score) -> str:
    if found.tempo_error is None or found.drift is None:
        return _unjudged(found)
    words = f"{_percent(found.tempo_error)} against the beat you no longer heard"
    if not score.source.one_clock:
        return words
    if abs(found.drift) < STABLE:
        return f"{words}, and it stayed with it"
    gained = "ahead of" if found.drift > 0 else "behind"
    return f"{words}, {_beats(abs(found.drift))} {gained} it a minute"


def _tempo(error: float) -> str:
    percent = _percent(error)
    way = "faster" if error > 0 else "slower"
    match tempo_label(error):
        case TempoLabel.ON_TEMPO:
            return f"on tempo ({percent})"
        case TempoLabel.CLOSE:
            return f"close to the tempo ({percent})"
        case TempoLabel.OFF:
            return f"a little {way} than the beat ({percent})"
        case TempoLabel.OWN_RHYTHM:
            return f"a rhythm of your own ({percent})"


def _percent(share: float) -> str:
    return f"{signed(100 * share, '+z.1f')} %"


def _asynchrony(seconds: float) -> str:
    word = " (early)" if seconds < EARLY else " (late)" if seconds > LATE else ""
    return f"{signed(round(1000 * seconds))} ms to the beat{word}"


def _change(phase: PhaseScore, score: Score) -> float | None:
    """Return how much later than usual the steps were, where that alone is known.

    Usual is what was measured before, else what the other phases were.
    """
    source, mean = score.source, phase.judgement.asynchrony
    if source.calibrated or not source.one_clock or mean is None:
        return None
    if source.latency_ms is not None:
        change = mean - source.latency_ms / 1000
    else:
        others = [each.judgement for each in score.phases if each is not phase]
        known = [(each.asynchrony, each.judged) for each in others if each.asynchrony is not None]
        if not known:
            return None
        change = mean - sum(m * n for m, n in known) / sum(n for _, n in known)
    return change if abs(change) <= _USUAL else None


def _scatter(spread: Spread) -> str:
    low, high = (1000 * each for each in spread.interval)
    return f"{1000 * spread.seconds:.0f} ms ({low:.0f} to {high:.0f})"


def _feet(seconds: float, found: Judgement) -> str:
    """Return which foot is earlier, if that is no accident: beyond twice its standard error."""
    error = 2 * found.spread.seconds / sqrt(found.judged) if found.spread else 0.0
    if abs(seconds) < max(0.0005, 2 * error):
        return "left and right alike"
    return f"left {abs(1000 * seconds):.0f} ms {'earlier' if seconds < 0 else 'later'} than right"


def _landing(louder: float | None) -> Iterator[str]:
    """Yield how loud a set landed, if that is known; softer is better, and louder no fault."""
    if louder is None:
        return
    way = "louder" if louder > 0 else "softer"
    change = f"{abs(louder):.0f} dB {way} than" if abs(louder) >= _AS_LOUD else "as loud as"
    yield f"landing {change} in the first set"


def _sets(sets: SetsScore) -> str:
    if sets.label is None:
        return f"{_TOO_SHORT} how steady: {sets.judged} of {FEWEST_FOR_LABEL} steps"
    return f"{sets.label.value} over {sets.judged} steps; scatter {_scatter(sets.spread)}"


def _beats(count: float) -> str:
    return f"{count:.1f}".removesuffix(".0") + (" beat" if count == 1 else " beats")


def _notes(score: Score) -> Iterator[str]:
    if score.source.name != "taps":
        return
    led = [each.judgement for _, phases in score.by_sets for each in phases]
    if not any(each.judgement.judged for each in score.phases):
        yield "No step met a beat: are these seconds from the track's first sample?"
    elif 2 * sum(each.matched or 0 for each in led) < sum(each.beats for each in led):
        yield "Fewer than half of the beats met a step: are these the taps of this track?"
