"""What a review says, in sentences and as a table, for commands and pages alike.

Neutral: a run in one's own rhythm is no failure, and at most one thing is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator

from cadence_cue.app.charts.text_chart import Series, chart
from cadence_cue.app.plan.planning import Later
from cadence_cue.app.review.review import Reviewed, settling
from cadence_cue.coaching.pages import clock, signed
from cadence_cue.season.reviewing import Figures, PhaseFigures, Review

_FOLLOWED, _MOSTLY = 80, 50  # per cent of the time within 3 % of the click
_FASTER = 5  # per cent of speed, from where the speed explains the steps
_SLOW_TO_SETTLE = 30  # seconds
_BELOW = -2  # per cent
_STAYED, _PARTLY = 0.8, 0.4  # of the way from one's own cadence to the goal of a plan

COLUMNS = ("time", "phase", "target", "mean", "off", "within 3 %", "found after")


def sentences(result: Reviewed) -> Iterator[str]:
    """Yield what a runner should know, the most important first."""
    whole, of = result.review.whole, result.review
    if result.later and of.alone.mean_spm is not None:
        yield from _still_there(result.later, of.alone, of.alone.mean_spm)
        yield from _about_the_file(result)
        return
    faster = speed_gain(result)
    if faster is not None and faster > _FASTER:
        yield (
            f"You ran {faster:.0f} % faster on the quicker click than at your own cadence. Quicker "
            "steps that come from running faster are another exercise: hold your speed."
        )
    if whole.mean_spm is not None:
        yield _followed(whole)
        yield _mean(result)
        found = settling(of)
        if found is not None:
            yield f"You were on the click after {found:.0f} s, typically."
    elif of.alone.mean_spm is None:
        yield "In this recording nothing was run that the session counts."
    if of.carry_over is not None:
        yield f"Without the click you took {_more(of.carry_over)} than with it."
    elif of.alone.mean_spm is not None:
        yield (
            f"Without a click you took {of.alone.mean_spm:.1f} steps a minute"
            f"{_off(of.alone, 'the target')}, over {clock(of.alone.moving_s)}{_at_speed(of.alone)}."
        )
    if of.drift is not None:
        yield _drifted(of.drift, of.drift_at_speed)
    yield from _about_the_file(result)
    if (suggestion := _suggestion(result)) is not None:
        yield suggestion


def _still_there(later: Later, figures: Figures, steps: float) -> Iterator[str]:
    """Yield what stayed after a plan, and one thing to do now."""
    weeks = "1 week" if later.weeks == 1 else f"{later.weeks} weeks"
    yield (
        f"Is it still there? {weeks} after the plan you took {steps:.1f} steps a minute without a "
        f"click, over {clock(figures.moving_s)}{_at_speed(figures)}."
    )
    above = 100 * (steps / later.own - 1)
    began = f"{abs(above):.1f} % {_side(above)} the {later.own:g} you began with"
    kept = (steps - later.own) / (later.goal - later.own) if later.goal > later.own else 1.0
    if kept >= _STAYED:
        yield f"That is {began}: what the plan went to, {later.goal:g}, has stayed."
    elif kept >= _PARTLY:
        yield f"That is {began}: part of the way to {later.goal:g} has stayed."
    else:
        yield f"That is {began}; the plan went to {later.goal:g}."
    if kept < _STAYED:
        yield (
            "If you want it back: some runs with the click for a quarter of the time, then run "
            "without it again."
        )


def _drifted(drift: float, at_one_speed: float | None) -> str:
    more, corrected = _more(drift), ""
    if at_one_speed is not None and _more(at_one_speed) != more:
        corrected = f" ({_more(at_one_speed)} at one and the same speed)"
    return f"In the last third you took {more} than in the first{corrected}."


def _about_the_file(result: Reviewed) -> Iterator[str]:
    if result.run.coarse:
        yield "The file counts whole strides, so each figure is exact to about 1 %."
    yield from result.run.notes


def speed_gain(result: Reviewed) -> float | None:
    """Return how much faster one ran to a click above one's own cadence, in per cent."""
    own = result.cadence
    speeds: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for each in result.review.phases:
        target, figures = each.phase.target, each.figures
        if own and target and not each.phase.ramp and figures.speed is not None:
            speeds[target[0] > own * 1.01].append((figures.speed, figures.moving_s))
    if not (speeds[True] and speeds[False]):
        return None
    quick, easy = (
        sum(speed * time for speed, time in some) / sum(time for _, time in some)
        for some in (speeds[True], speeds[False])
    )
    return 100 * (quick / easy - 1) if easy else None


def rows(review: Review) -> Iterator[tuple[str, ...]]:
    """Yield a row of COLUMNS for each phase in which something was run."""
    for each in review.phases:
        if each.figures.moving_s:
            yield row(each)


def row(each: PhaseFigures) -> tuple[str, ...]:
    """Return the cells of a phase, "" where there is nothing to tell."""
    figures, target = each.figures, each.phase.target
    bias = figures.bias_percent
    return (
        clock(each.phase.start),
        each.phase.title,
        "–".join(dict.fromkeys(f"{tempo:.0f}" for tempo in target)) if target else "",
        _number(figures.mean_spm, "{:.1f}"),
        "" if bias is None else f"{signed(bias, '+z.1f')} %",
        _number(figures.within[1], "{:.0f} %"),
        _number(each.settle_s, "{:.0f} s"),
    )


def chart_lines(result: Reviewed, width: int) -> list[str]:
    """Return a chart of the cadence over what was asked for, in at most so many columns."""
    run, start = result.run, result.review.start
    on = run.running
    minutes = ((run.seconds[on] - start) / 60).tolist()
    if not minutes:
        return []
    targets = [
        Series(
            (each.phase.start / 60, each.phase.end / 60),
            each.phase.target,
            "=" if each.phase.clicks else "-",
            line=True,
        )
        for each in result.review.phases
        if each.phase.target
    ]
    you = Series(minutes, run.cadence[on].tolist(), "braille")
    below = "minutes; = target with a click, - without; dots: you"
    return chart([you, *targets], width, below=below)


def started(result: Reviewed) -> str:
    """Say where in the recording the session began, and how that is known."""
    start = result.review.start
    at = f"{clock(abs(start))} {'before' if start < 0 else 'into'} the recording"
    if result.how == "told":
        return f"The track began {at}, as you said."
    if result.how == "log":
        return f"The track began about {at}, by the time in your log."
    return f"The track began {at}; run and rest agree to {100 * (result.score or 0):.0f} %."


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _followed(whole: Figures) -> str:
    share = whole.within[1] or 0.0
    if share >= _FOLLOWED:
        how = "You followed the click"
    elif share >= _MOSTLY:
        how = "You mostly followed the click"
    else:
        how = "You ran mostly in your own rhythm"
    return f"{how}: {share:.0f} % of the time you were within 3 % of it."


def _mean(result: Reviewed) -> str:
    whole, above = result.review.whole, result.against_own
    own = f", {abs(above):.1f} % {_side(above)} your own {result.cadence:g}" if above else ""
    off = _off(whole, "the click")
    return f"On average {whole.mean_spm:.1f} steps a minute{off}{own}{_at_speed(whole)}."


def _off(figures: Figures, aim: str) -> str:
    """Say how far steps were from what was aimed at; nothing without a target."""
    bias = figures.bias_percent
    if bias is None:
        return ""
    return f", on {aim}" if abs(bias) < 0.05 else f", {abs(bias):.1f} % {_side(bias)} {aim}"


def _side(value: float) -> str:
    return "above" if value > 0 else "below"


def _at_speed(figures: Figures) -> str:
    speed = figures.speed
    return f", at {clock(1000 / speed)} a kilometre" if speed else ""


def _more(steps: float) -> str:
    """ "1.2 steps a minute more", or fewer."""
    return f"{abs(steps):.1f} steps a minute {'more' if steps >= 0 else 'fewer'}"


def _suggestion(result: Reviewed) -> str | None:
    """Return the one thing to try next time; None where all went well."""
    whole, found = result.review.whole, settling(result.review)
    if whole.mean_spm is None or (whole.within[1] or 0.0) >= _FOLLOWED:
        return None
    if (whole.bias_percent or 0.0) < _BELOW:
        return "Next time try a target 2.5 % lower, and come back to this one later."
    if found is None or found > _SLOW_TO_SETTLE:
        return "Next time give the change more time: a longer ramp is easier to follow."
    return "Next time try it with fewer cues, and only listen to the click."
