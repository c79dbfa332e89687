"""What is charted of a history, against figures counted by hand, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cadence_cue.app.charts.charts import charts
from cadence_cue.app.charts.trends import Adherence, Measured, OfDrill, Trends, trends_of
from cadence_cue.app.log.history import Practice, Result, Scored
from cadence_cue.season.plan import Plan, PlannedRun

TODAY = date(2027, 1, 6)  # a Wednesday
NAMES = {"toe-taps": "Toe Taps", "perception": "Perception"}


def practice(
    day: str, minutes: float | None = 10, mark: int | None = None, *drills: str
) -> Practice:
    seconds = None if minutes is None else 60 * minutes
    return Practice(f"{day}T23:30:00+01:00", "s", "S", 1.0, 170, mark, drills, seconds=seconds)


def found(*entries: Practice | Scored, **more: object) -> Trends:
    given = {"reviews": (), "plan": None, "own": None} | more
    return trends_of(entries, names=NAMES, today=TODAY, **given)  # type: ignore[arg-type]


def test_minutes_are_those_of_each_week_from_monday_to_sunday_empty_ones_too() -> None:
    weeks = found(
        practice("2026-12-20", 12),  # a Sunday
        practice("2026-12-21", 20),  # the Monday after
        practice("2026-12-27", 0.5),
        practice("2027-01-05", 7),
        practice("2027-01-07", 99),  # tomorrow: a clock was wrong
        practice("2026-12-30", None),
        practice("soon"),
    )
    assert [(each.monday, each.minutes) for each in weeks.weeks] == [
        (date(2026, 12, 14), 12), (date(2026, 12, 21), 20.5), (date(2026, 12, 28), 0),
        (date(2027, 1, 4), 7),
    ]  # fmt: skip
    assert weeks.untimed == 1
    year = found(*(practice(f"{TODAY - timedelta(7 * k)}") for k in range(52)))
    assert len(year.weeks) == 12


def test_marks_and_scores_are_of_each_drill_the_last_one_first_and_the_latest_kept() -> None:
    trends = found(
        practice("2026-12-20", 10, 2, "toe-taps", "perception"),
        practice("2026-12-21", 10, 5, "perception", "hops"),
        practice("2026-12-22", 10, None, "perception"),
    )
    assert trends.marks == (
        OfDrill("hops", (5,)), OfDrill("Perception", (2, 5)), OfDrill("Toe Taps", (2,)),
    )  # fmt: skip
    many = found(*(practice("2026-12-20", 10, 1 + k % 5, "toe-taps") for k in range(14)))
    assert many.marks == (OfDrill("Toe Taps", (5, 1, 2, 3, 4, 5, 1, 2, 3, 4)),)
    with_click = Result("Easy", 90, 80, -0.4, 20.0, "steady")
    scored = Scored("2026-12-20T10:00:00+01:00", "s", "S", (
        with_click, replace(with_click, title="Alone", tempo_error_percent=None,
                            alone_error_percent=2.5)))  # fmt: skip
    trends = found(scored)
    assert trends.alone == (OfDrill("Alone", (2.5,)),)
    assert trends.led == (OfDrill("Easy", (-0.4,)),)
    lines = [*charts(trends, 80)]
    alone, led = (next(line for line in lines if name in line) for name in ("Alone", "Easy"))
    assert lines.index(alone) < lines.index(led)
    assert alone.split() == ["Alone", "no", "click", "▄", "+2.5"]
    assert led.split() == ["Easy", "click", "▁", "−0.4"]


def test_the_cadence_is_what_watches_recorded_beside_the_first_one() -> None:
    reviews = [
        {"date": "2026-12-20T10:00:00+01:00", "alone_spm": 166.25, "mean_spm": 171, "session": "a"},
        {"date": "2026-10-20T10:00:00+01:00", "alone_spm": 165, "mean_spm": None, "session": "b"},
        {"date": 5, "alone_spm": 100},
    ]
    trends = found(reviews=reviews, own=160.0)
    assert trends.measured == (
        Measured(date(2026, 10, 20), 165, click=False),
        Measured(date(2026, 12, 20), 166.25, click=False),
        Measured(date(2026, 12, 20), 171, click=True),
    )
    lines = [*charts(trends, 72)]
    assert max(map(len, lines)) <= 72
    assert not any("\x1b" in line for line in lines)
    assert "+ with a click, o without, - your own 160 to begin with" in " ".join(lines)
    assert "  Without a click: last 166.2 steps a minute (+3.9 %), first 165.0" in lines
    assert "  With a click: last 171.0 steps a minute (+6.9 %)" in lines
    drawn = "".join(lines[lines.index("Cadence") :])
    assert drawn.count("o") - " ".join(lines).count("without") >= 2


def test_adherence_counts_the_runs_of_a_week_whose_day_has_come() -> None:
    days = [date(2026, 12, 28), date(2026, 12, 30), date(2027, 1, 6), date(2027, 1, 8)]
    runs = tuple(
        PlannedRun(day, week, 164, 100, 20) for day, week in zip(days, (1, 1, 2, 2), strict=True)
    )
    plan = Plan("P", 160, 168, "before", runs)
    done = replace(practice("2026-12-28"), session="plan-2026-12-28")
    of = {"session": "plan-2027-01-06", "mean_spm": 164.0}
    reviewed = [{"date": "2027-01-06T08:00:00+01:00", **of}]
    trends = found(done, reviews=reviewed, plan=plan, own=150.0)
    assert trends.plan == (Adherence(1, 1, 2), Adherence(2, 1, 1))
    assert trends.baseline == 160
    lines = [*charts(trends, 80)]
    assert "  Week 1    ■□       1 of 2" in lines


def test_a_history_without_anything_says_so_for_each_chart() -> None:
    assert [line for line in charts(found(), 80) if line.startswith("  ")] == [
        "  Nothing has been practised yet.",
        "  No run has been reviewed yet: a watch's recording tells your cadence.",
        "  No session with drills has a mark yet.",
        "  Nothing has been scored yet.",
        "  No run of a plan has been due yet.",
    ]


def test_a_bar_is_as_long_as_its_minutes() -> None:
    trends = found(practice("2026-12-28", 30), practice("2027-01-05", 10))
    assert [*charts(trends, 80)][1:3] == [
        f"  28 Dec  {'█' * 40} 30",
        f"  04 Jan  {'█' * 13}▍ 10",  # 40/3 columns, in eighths
    ]
