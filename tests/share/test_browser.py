"""The page and the card in a real browser: what a phone shows, plays and prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import FileIO
from pathlib import Path

import pytest

from cadence_cue.app.sessions import session_store
from cadence_cue.app.tracks.export_job import timeline_job
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.explaining import unexplained
from cadence_cue.share.file_tags import FileTags
from cadence_cue.share.html import card, drills_of, page
from cadence_cue.share.served import Served
from cadence_cue.studio import PerformanceSpec, perform
from tests.share.browser import Browser, browser, program
from tests.share.conftest import tags_of

LIBRARY = load_library()
PLAYER = "document.querySelector('audio')"
WIDE = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not program():
        pytest.skip("no browser (Debian/Ubuntu: apt install chromium)")
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@contextmanager
def shared(track: Path, told: FileTags) -> Iterator[str]:
    """The address of the page of a track, of which other things may be told."""
    drills = drills_of([title for _, title in told.chapters], LIBRARY)
    with Served(
        FileIO(track),
        lambda at, nonce: page(told, drills, at, nonce),
        lambda _: None,
        host="127.0.0.1",
    ) as served:
        yield f"http://127.0.0.1:{served.port}{served.root}"


def test_a_phone_plays_the_track_and_goes_to_its_phases(phone: Browser, track: Path) -> None:
    with shared(track, tags_of(track)) as address:
        phone.open(address)
        phone.wait_for(f"{PLAYER}.readyState > 0")
        assert phone.tell(f"{PLAYER}.duration") == pytest.approx(3, abs=0.1)
        phone.tell(f"{PLAYER}.play()")
        phone.wait_for(f"{PLAYER}.currentTime > 0.3")
        phone.tell("document.querySelectorAll('button')[2].click()")
        phone.wait_for(f"{PLAYER}.currentTime >= 2")
        now = "document.querySelector('[aria-current=true]')"
        phone.wait_for(f"{now}.dataset.at === '2.0'")
        phone.wait_for(f"{PLAYER}.ended")
        assert phone.tell("document.querySelector('[role=alert]').offsetHeight") == 0
        # It wanted an icon of its own accord; nothing that the page does is against its policy.
        assert all(line.startswith("Failed to load resource") for line in phone.complaints)
        assert phone.tell("fetch('track').catch(() => 'forbidden')") == "forbidden"
    with pytest.raises(AssertionError, match="ERR_CONNECTION_REFUSED"):
        phone.open(address)


def test_a_phase_can_be_the_first_that_is_touched(phone: Browser, track: Path) -> None:
    with shared(track, tags_of(track)) as address:
        phone.open(address)
        phone.tell(f"{PLAYER}.preload = 'none'; {PLAYER}.load()")  # as an iPhone does
        phone.tell("document.querySelectorAll('button')[1].click()")
        phone.wait_for(f"{PLAYER}.currentTime > 1.1")


def test_what_this_browser_cannot_play_is_told(phone: Browser, tmp_path: Path) -> None:
    odd = tmp_path / "odd.mp3"
    odd.write_bytes(bytes(5000))
    with shared(odd, FileTags("odd", 1.0)) as address:
        phone.open(address)
        phone.wait_for("document.querySelector('[role=alert]').offsetHeight > 0")


def test_whatever_it_is_called_it_is_no_wider_than_the_phone(phone: Browser, track: Path) -> None:
    name = "Donaudampfschifffahrtsgesellschaft" * 6
    told = FileTags(name, 7205.5, ((0.0, name), (7100.0, f"Toe taps {name} · 173")), b"")
    with shared(track, told) as address:
        for wide in (320, 390, 1200):
            phone.open(address, wide=wide)
            phone.tell("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert phone.tell(WIDE), wide
            # What a finger touches is 44 points high.
            touched = "[...document.querySelectorAll('a, button, summary')]"
            high = f"{touched}.map(each => each.getBoundingClientRect().height)"
            assert phone.tell(f"Math.min(...{high})") >= 44


def test_the_card_of_a_usual_session_is_one_page(phone: Browser, tmp_path: Path) -> None:
    session = session_store.find("daily-ten", LIBRARY)
    performance = perform(session, LIBRARY, PerformanceSpec(Fraction(173), get_ready=Fraction(5)))
    made = timeline_job(
        performance, performance.timeline, tmp_path / "x.mp3",
    )  # fmt: skip
    file = tmp_path / "x.html"
    file.write_text(card(made.track, made.facts, unexplained(session, LIBRARY, ())))
    phone.open(file.as_uri())
    assert phone.tell(WIDE)
    assert len(re.findall(rb"/Type\s*/Page\b", phone.printed())) == 1
