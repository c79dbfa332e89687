"""Preparing a session for a runner: options, drills that wait, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import PerformanceOptions, expanded
from cadence_cue.app.preparing import prepare, rehearsal_options, waits_for, without_waiting
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.rehearsal import plain_beat, rehearse
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError
from cadence_cue.voice import casting

LIBRARY = load_library()
RUNNING = LIBRARY.drills["cycle-running"]


def test_a_session_without_anything_left_is_refused() -> None:
    session = rehearse(RUNNING, LIBRARY)
    options = without_waiting(session, LIBRARY, Settings(), PerformanceOptions())
    assert options.left_out == ("cycle-running",)
    with pytest.raises(UserError, match="nothing is left of"):
        prepare(session, LIBRARY, Settings(), options, live=False)


def test_a_drill_waits_until_the_one_before_is_mastered() -> None:
    before = waits_for(RUNNING, LIBRARY, Settings())
    assert before is not None
    assert before.id == "cycle-standing"
    assert waits_for(RUNNING, LIBRARY, Settings(mastered=("cycle-standing",))) is None
    assert waits_for(LIBRARY.drills["perception"], LIBRARY, Settings()) is None


def test_a_drill_is_explained_the_first_time_unless_told_otherwise() -> None:
    known = Settings(explained=("cycle-running",))
    assert rehearsal_options(RUNNING, Settings()).explain is True
    assert rehearsal_options(RUNNING, known).explain is False
    assert rehearsal_options(RUNNING, known, PerformanceOptions(explain=True)).explain is True


def test_what_the_system_refuses_meanwhile_is_a_user_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "cache")

    monkeypatch.setattr(casting, "cast", full)
    session = plain_beat(LIBRARY, tempo="172", time="10s", cues=(), cue_every="60s")
    with pytest.raises(UserError, match="cache: No space left on device"):
        prepare(session, LIBRARY, Settings(), live=False)


def test_the_home_of_an_unknown_user_is_a_user_error() -> None:
    with pytest.raises(UserError, match="~nobody-of-this-name"):
        expanded("~nobody-of-this-name/music")


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLAIN = plain_beat(LIBRARY, tempo="172", time="10s", cues=(), cue_every="60s")


def seed_of(
    *days: str, options: PerformanceOptions = PerformanceOptions(), own: int | None = None
) -> int:
    """The seed of a plain beat on NOW, if it was last done on these days."""
    session = replace(PLAIN, seed=own)
    practices = [
        Practice(f"{day}T12:00:00+00:00", session.name, session.title, 1.0, 172.0) for day in days
    ]
    with time_machine.travel(NOW, tick=False):
        prepared = prepare(session, LIBRARY, Settings(), options, live=False, practices=practices)
    return prepared.timeline.seed


def test_the_practice_log_decides_which_turn_of_a_session_it_is() -> None:
    assert seed_of("2026-11-18", "2026-11-20") == 20261120
    assert seed_of("2026-11-24") == 20261125
    assert seed_of("2026-03-01") == 20260302  # long ago counts too


def test_without_practice_the_date_decides() -> None:
    assert seed_of() == 20261124


def test_a_seed_that_is_given_goes_before_the_practice_log() -> None:
    assert seed_of("2026-11-20", options=PerformanceOptions(seed=7)) == 7
    assert seed_of("2026-11-20", own=8) == 8


def test_before_a_race_no_drill_is_quickened() -> None:
    practices = [
        Practice(f"2026-11-2{day}T12:00:00+00:00", "daily-ten", "", 1.0, 172.0, 5, ("butt-kicks",))
        for day in (1, 2)
    ]
    found = {
        name: prepare(
            load(built_in_sessions()[name], LIBRARY),
            LIBRARY,
            Settings(),
            PerformanceOptions(cadence=172),
            live=False,
            practices=practices,
        ).rungs
        for name in ("daily-ten", "pre-race")
    }
    assert found["daily-ten"]["butt-kicks"].above == 1
    assert found["pre-race"] == {}
