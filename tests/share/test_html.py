"""The page and the card: what they tell, and that nothing in a title can be markup."""

from __future__ import annotations

from pathlib import Path

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.pages import HEALTH
from cadence_cue.share.html import card, drills_of, page
from cadence_cue.share.told import read_tags
from cadence_cue.timing.timeline import Mark

LIBRARY = load_library()


def test_the_page_tells_of_the_track(track: Path) -> None:
    told = read_tags(track)
    drills = drills_of([title for _, title in told.chapters], LIBRARY)
    made = page(told, drills, "track", "abc")
    assert [drill.id for drill in drills] == ["toe-taps-dynamic", "toe-taps"]
    assert "<h1>Daily &lt;ten&gt; &amp; &quot;one&quot;</h1>" in made
    assert '<audio controls preload="metadata" src="track">' in made
    assert [f'data-at="{at}"' in made for at in (0.0, 1.0, 2.0)] == [True] * 3
    assert "left leg &lt;b&gt; · 80" in made
    assert all(line in made for line in HEALTH)
    assert "iPhone" in made
    assert "Android" in made
    assert "http" not in made
    assert made.count("<script") == 1
    assert '<script nonce="abc">' in made


def test_the_card_tells_phases_and_drills() -> None:
    marks = [
        Mark(0, "drill", "Toe taps, <left> leg", 48000, 0, 96000, 80.0, 96.0, 1),
        Mark(1, "rest", "Rest", 144000, 144000, 48000, 0.0, 0.0, 2),
    ]
    drills = drills_of([mark.title for mark in marks], LIBRARY)
    made = card("Mine", "0:03", marks, 48000, drills)
    assert "<td>0:00</td><td>Toe taps, &lt;left&gt; leg</td><td>80–96</td><td>0:02</td>" in made
    assert "<td>0:02</td><td>Rest</td><td></td><td>0:01</td>" in made
    assert "<h2>Toe Taps</h2>" in made
    assert all(line in made for line in HEALTH)
    assert "@page" in made
