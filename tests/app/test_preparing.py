"""Preparing a session for a runner: options, drills that wait, and what is refused."""

from __future__ import annotations

import pytest

from cadence_cue.app.options import PerformanceOptions, expanded
from cadence_cue.app.preparing import prepare, rehearsal_options, waits_for, without_waiting
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.rehearsal import plain_beat, rehearse
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
