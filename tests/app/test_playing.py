"""What is kept of a session once it has played: practice, the cadence found, explanations."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest

from cadence_cue.app import settings
from cadence_cue.app.log import history
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.playing import Finished, decode_first, finish, practised
from cadence_cue.app.preparing import Prepared, prepare
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks.performed import as_performed
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session import Kind
from cadence_cue.coaching.session_file import parse
from cadence_cue.timing import RATE
from cadence_cue.transport.practised import Practised
from tests.homes import move_into

LIBRARY = load_library()
DATA = {
    "title": "Two drills",
    "phase": [
        {"drill": "perception", "time": "20s"},
        {"drill": "change-of-support", "time": "20s"},
    ],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_into(tmp_path, monkeypatch)


@dataclass
class Heard:
    """Stands in for a transport: it says how much was heard."""

    prepared: Prepared
    seconds: float = 0.0
    drills: tuple[str, ...] = ()
    ended: bool = True
    ran_at: Fraction | None = None
    practised: Practised = field(default_factory=Practised)

    def __post_init__(self) -> None:
        self.performance = self.prepared.performance
        self.practised.seconds = self.seconds
        self.practised.phases = {
            k for k, part in enumerate(self.performance.parts) if part.drill in self.drills
        }

    @property
    def title(self) -> str:
        return self.performance.session.title

    @property
    def cadence(self) -> Fraction:
        return self.ran_at or self.performance.spec.cadence_spm

    def close(self) -> None:
        pass


@dataclass
class Device:
    """Stands in for a player."""

    silent: bool = False
    resting: bool = False

    def rest(self) -> None:
        self.resting = True


def prepared(rate: int = RATE, **options: Any) -> Prepared:
    session = parse(DATA, name="two", library=LIBRARY)
    chosen = PerformanceOptions(**options)
    return prepare(session, LIBRARY, Settings(), chosen, live=True, rate=rate)


def finished(heard: Heard, *, silent: bool = False) -> Finished:
    return finish(cast("Any", heard), heard.prepared, cast("Any", Device(silent)))


def test_a_session_whose_first_words_cannot_be_read_plays_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[Path] = []

    def damaged(file: Path) -> None:
        tried.append(file)
        raise OSError("no sound in it")

    monkeypatch.setattr("cadence_cue.voice.voice._read", damaged)
    decode_first(prepared(22050, explain=True))  # nothing else has decoded it at this rate
    assert tried


def test_an_explanation_counts_once_the_whole_session_was_heard() -> None:
    whole, partly = prepared(explain=True), prepared(explain=True, begin="2")
    told = {part.drill for part in whole.performance.parts if part.kind is Kind.EXPLAIN}
    assert told == {"perception", "change-of-support"}
    assert finished(Heard(whole, ended=False)).explained == ()
    assert finished(Heard(partly)).explained == ()
    assert finished(Heard(whole), silent=True).explained == ()
    assert finished(Heard(prepared(explain=False))).explained == ()
    assert settings.load()[0].explained == ()
    assert set(finished(Heard(whole)).explained) == told
    assert set(settings.load()[0].explained) == told
    assert finished(Heard(whole)).explained == ()  # it is known by now


@pytest.mark.parametrize(("seconds", "kept"), [(0.0, False), (9.9, False), (10.0, True)])
def test_less_than_ten_seconds_is_no_practice(seconds: float, kept: bool) -> None:
    practice = finished(Heard(prepared(), seconds)).practice
    assert (practice is not None) == kept
    assert history.load(user_folder()) == ([practice] if kept else [])


def test_the_history_tells_what_was_heard() -> None:
    heard = Heard(prepared(cadence=171.5), 20, ("change-of-support",))
    performed = as_performed(heard.prepared, heard.performance)
    practice = practised(cast("Any", heard), performed)
    assert practice is not None
    assert (practice.session, practice.title) == ("two", "Two drills")
    assert (practice.cadence, practice.drills) == (171.5, ("change-of-support",))
    heard.ran_at = Fraction(174)
    practice = practised(cast("Any", heard), performed)
    assert practice is not None
    assert practice.cadence == 174
