"""The page and the card: what they tell, and that nothing in a title can be markup."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.pages import HEALTH
from cadence_cue.export.track import Chapter, Track
from cadence_cue.share.file_tags import FileTags
from cadence_cue.share.html import card, drills_of, page
from tests.share.conftest import tags_of

LIBRARY = load_library()


def test_the_page_tells_of_the_track(track: Path) -> None:
    told = tags_of(track)
    drills = drills_of([title for _, title in told.chapters], LIBRARY)
    made = page(told, drills, "track", "abc")
    assert [drill.id for drill in drills] == ["toe-taps-dynamic", "toe-taps"]
    assert "<h1>Daily &lt;ten&gt; &amp; &quot;one&quot;</h1>" in made
    assert '<audio controls preload="metadata" src="track">' in made
    assert [f'data-at="{at}"' in made for at in (0.0, 1.0, 2.0)] == [True] * 3
    assert "left leg &lt;b&gt; · 80" in made
    assert all(line in made for line in HEALTH)
    assert f"data:image/png;base64,{base64.b64encode(told.cover).decode()}" in made
    assert "iPhone" in made
    assert "Android" in made
    assert "http" not in made
    assert made.count("<script") == 1
    assert '<script nonce="abc">' in made


def test_a_file_that_tells_nothing_has_a_page() -> None:
    made = page(FileTags("x", 61.0), [], "track", "abc")
    assert "<h1>x</h1>" in made
    assert "1:01" in made
    assert "<img" not in made
    assert "Phases" not in made
    assert "How to" not in made
    assert all(line in made for line in HEALTH)


def test_the_card_tells_phases_and_drills() -> None:
    chapters = (
        Chapter(0, 48000, "Get ready"),
        Chapter(48000, 144000, "Toe taps, <left> leg · 80 to 96"),
        Chapter(144000, 192000, "Rest"),
    )
    track = Track(48000, 192000, "Mine <b>", chapters=chapters)
    made = card(track, "0:04 & more", drills_of((each.title for each in chapters), LIBRARY))
    assert "<h1>Mine &lt;b&gt;</h1>" in made
    assert "0:04 &amp; more" in made
    first, second, third = (
        f"<tr><td>{at}</td><td>{title}</td><td>{long}</td></tr>"
        for at, title, long in (
            ("0:00", "Get ready", "0:01"),
            ("0:01", "Toe taps, &lt;left&gt; leg · 80 to 96", "0:02"),
            ("0:03", "Rest", "0:01"),
        )
    )
    assert first + second + third in made
    assert made.count("<h2>Toe Taps</h2>") == 1
    assert "Mistakes: The heel drifts behind you." in made
    assert all(line in made for line in HEALTH)
    assert "<img" not in made
    assert "data:image/png" in card(replace(track, cover=b"\x89PNG"), "", [])
