"""The history as charts in text, each with its figures, for commands and screens alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cadence_cue.app.charts.text_chart import Series, bar, chart, spark
from cadence_cue.app.charts.trends import Measured, OfDrill, Trends, WeekMinutes
from cadence_cue.coaching.pages import signed

_NAME = 22  # columns
_BAR = 40  # columns at most
_WIDE = 6  # per cent: the tempo error at which a column of a score is full
_MONTHS = 75  # days from which the axis names months


def charts(trends: Trends, width: int) -> Iterator[str]:
    """Yield the lines of all charts for so many columns."""
    parts = (
        ("Minutes a week", _minutes(trends, width)),
        ("Cadence", _cadence(trends, width)),
        ("Marks, 1 hard … 5 easy, the latest last", _marks(trends)),
        ("Scores: how far from the tempo, in per cent, the latest last", _scores(trends)),
        ("Plan: runs done", _plan(trends)),
    )
    for k, (title, lines) in enumerate(parts):
        yield from [""] * bool(k)
        yield title
        yield from lines


def _minutes(trends: Trends, width: int) -> Iterator[str]:
    weeks: Sequence[WeekMinutes] = trends.weeks
    most = max((week.minutes for week in weeks), default=0)
    room = min(_BAR, width - 16)
    for week in weeks:
        drawn = bar(week.minutes, most, room)
        yield f"  {week.monday:%d %b}  {drawn}{' ' * bool(drawn)}{week.minutes:.0f}"
    if not weeks:
        yield "  Nothing has been practised yet."
    if trends.untimed:
        yield f"  Not here: {trends.untimed} sessions of earlier versions, which kept no length."


def _cadence(trends: Trends, width: int) -> Iterator[str]:
    measured, own = trends.measured, trends.baseline
    if not measured:
        yield "  No run has been reviewed yet: a watch's recording tells your cadence."
        return
    first, last = measured[0].day, measured[-1].day
    days = (last - first).days
    if days:
        series = [Series((0, days), (own, own), "-", line=True)] if own else []
        series += [
            _points(measured, first, click=True, marker="+"),
            _points(measured, first, click=False, marker="o"),
        ]
        below = "+ with a click, o without" + (f", - your own {own:g} to begin with" if own else "")
        ticks = {(day - first).days: name for day, name in _ticks(first, last)}
        some = [each for each in series if len(each.x)]
        yield from chart(some, width, below=below, ticks=ticks, rows=12)
    for click, words in ((False, "Without a click"), (True, "With a click")):
        steps = [each.steps for each in measured if each.click == click]
        if steps:
            against = f" ({signed(100 * (steps[-1] / own - 1), '+z.1f')} %)" if own else ""
            began = f", first {steps[0]:.1f}" if len(steps) > 1 else ""
            yield f"  {words}: last {steps[-1]:.1f} steps a minute{against}{began}"


def _points(measured: Sequence[Measured], first: date, *, click: bool, marker: str) -> Series:
    some = [each for each in measured if each.click == click]
    return Series([(each.day - first).days for each in some], [each.steps for each in some], marker)


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yield the days that the axis names: the months of a long time, else first and last."""
    if (last - first).days < _MONTHS:
        yield first, f"{first:%d %b}"
        yield last, f"{last:%d %b}"
        return
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            yield day, f"{day:%b}"
        day = (day + timedelta(31)).replace(day=1)


def _marks(trends: Trends) -> Iterator[str]:
    for of in trends.marks:
        yield f"{_named(of)}{spark(of.values, 1, 5):10}  {' '.join(f'{v:g}' for v in of.values)}"
    if not trends.marks:
        yield "  No session with drills has a mark yet."


def _scores(trends: Trends) -> Iterator[str]:
    """Yield what was kept without a click first: that is what the runner can do alone."""
    for kind, of in (("no click", trends.alone), ("click", trends.led)):
        for drill in of:
            errors = [abs(value) for value in drill.values]
            told = " ".join(signed(value, "+z.1f") for value in drill.values)
            yield f"{_named(drill)}{kind:8}  {spark(errors, 0, _WIDE):10}  {told}"
    if not (trends.alone or trends.led):
        yield "  Nothing has been scored yet."


def _plan(trends: Trends) -> Iterator[str]:
    for week in trends.plan:
        name = f"Week {week.week}" if week.week else "Later"
        boxes = "■" * week.done + "□" * (week.due - week.done)
        yield f"  {name:8}  {boxes:7}  {week.done} of {week.due}"
    if not trends.plan:
        yield "  No run of a plan has been due yet."


def _named(of: OfDrill) -> str:
    name = of.name if len(of.name) <= _NAME else f"{of.name[: _NAME - 1]}…"
    return f"  {name:{_NAME}}  "
