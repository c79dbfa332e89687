"""share: what is asked, refused and told; and a whole sharing in a real terminal."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
import segno
import time_machine

from cadence_cue.app.tracks import sharing
from cadence_cue.cli import share
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.share.file_tags import FileTags
from tests.cli.conftest import Keep, Run
from tests.cli.process import terminal
from tests.cli.sessions import SHORT

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def track(run: Run, keep: Keep) -> Path:
    keep("sessions", SHORT)
    run("export", "mine", "-o", "x.mp3", "--rate", 16000)
    return Path("x.mp3").absolute()


def modules(shown: str) -> list[list[int]]:
    """What a camera sees of a QR code in a terminal, light 0 and dark 1.

    Only lines in white on black, whatever the terminal's own colours are.
    """
    pairs = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}
    lines = re.findall(r"\x1b\[38;5;231m\x1b\[48;5;16m([ ▀▄█]+)\x1b\[0m\n", shown)
    rows = [[pairs[c][half] for c in line] for line in lines for half in (0, 1)]
    return rows[: len(rows[0])]


def test_the_track_is_the_one_that_the_page_tells_of(
    run: Run, track: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, fetched = track.read_bytes(), []

    def replaced(_: FileTags, _library: object) -> list[object]:
        Path("other").write_bytes(b"other")
        Path("other").replace(track)  # as an export does, after the tags were read
        return []

    def fetch(urls: tuple[str, ...]) -> None:
        fetched.append(urlopen(f"{urls[0]}track").read())
        raise KeyboardInterrupt

    monkeypatch.setattr(sharing, "_drills", replaced)
    monkeypatch.setattr(share, "_show", fetch)
    assert run("share", track, "--local").stdout.splitlines()[-1] == "Closed."
    assert fetched == [before]


def test_what_cannot_be_shared_is_refused(
    refused: Callable[..., str], track: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.txt").write_text("x")
    Path("bad.mp3").write_text("x" * 5000)
    assert "only audio files are shared" in refused("share", "x.txt", "--local")
    assert "not a readable audio file" in refused("share", "bad.mp3", "--local")
    assert refused("share", "gone.mp3", "--local") == "gone.mp3: No such file or directory"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = refused("share", "x.mp3", "--local", "--port", port)
        assert error.startswith(f"port {port}: Address already in use; without --port")
    assert "say --yes, or --local" in refused("share", "x.mp3")
    monkeypatch.setattr("cadence_cue.share.network.addresses", list)
    assert "on no network that a phone could reach" in refused("share", "x.mp3", "--yes")


def test_it_closes_when_nothing_was_fetched(
    run: Run, track: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MINUTES", 0.01)
    told = run("share", "x.mp3", "--local").stdout.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]+/", told[0])
    assert told[-1].startswith("Closed: nothing was downloaded for")


def test_a_phone_fetches_it_until_ctrl_c(track: Path) -> None:
    with terminal("share", str(track), "--local") as screen:
        shown = screen.wait_for("Ctrl-C closes it.")
        found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]+/", shown)
        assert found
        code = segno.make(found[0], micro=False)
        assert modules(shown) == [list(row) for row in code.matrix_iter(border=4)]
        with urlopen(f"{found[0]}track") as answer:
            assert answer.read() == track.read_bytes()
        screen.wait_for("127.0.0.1 plays x.mp3; open until ")
        screen.signal(signal.SIGINT)
        screen.wait_for("Closed.")
        screen.wait_for("ended: 0\n")


def test_a_track_is_shared_as_soon_as_it_is_written(
    run: Run, keep: Keep, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("sessions", SHORT)
    monkeypatch.setattr(sharing, "MINUTES", 0.001)
    told = run("export", "mine", "-o", "x.mp3", "--rate", 16000, "--share", "--local").stdout
    assert "http://127.0.0.1:" in told
    several = ("export", "relax-run", "--cadence", "158,164", "--share", "--local")
    assert "--share works for one track" in refused(*several)


def test_the_drills_are_those_of_its_session() -> None:
    named = FileTags("Track day: all ten drills", 1.0, ((0.0, "Cycle every third step · 150"),))
    assert "cycle-running" in [drill.id for drill in sharing._drills(named, load_library())]
    other = FileTags("Mine", 1.0, ((0.0, "Toe taps, left leg · 80"),))
    assert [drill.id for drill in sharing._drills(other, load_library())] == ["toe-taps"]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 7, 1, 1, 50, tzinfo=BERLIN), "02:05"),
        (datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN), "02:05"),
        (datetime(2027, 3, 28, 1, 50, tzinfo=BERLIN), "03:05"),
    ],
)
def test_the_time_told_is_that_of_the_clocks_by_then(now: datetime, until: str) -> None:
    with time_machine.travel(now):
        assert sharing.until() == until


def test_a_card_lies_beside_it(run: Run) -> None:
    run("drill", "toe-taps", "--time", "10s", "--side", "left", "-o", "x.wav", "--rate", 8000,
        "--card")  # fmt: skip
    made = Path("x.html").read_text(encoding="utf-8")
    assert "<h2>Toe Taps</h2>" in made
