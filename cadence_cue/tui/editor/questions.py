"""The questions of the editor about phases: of which kind, which drill, which other key."""

from __future__ import annotations

from collections.abc import Mapping

from cadence_cue.app.sessions.session_fields import HINTS, brief, more_keys
from cadence_cue.coaching.drill import Drill, Side
from cadence_cue.coaching.rules import FALL
from cadence_cue.tui.choosing import Choose
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Ask

REPEAT = "repeat"
ONCE = "once"
"""The answer that ends a repeat."""

_KINDS = {
    "drill": "drill    one of the library, with its beat and cues",
    "run": "run      with a click if it has a tempo",
    "walk": "walk",
    "rest": "rest",
    "talk": "talk     something is said",
    REPEAT: "repeat   phases that are played several times",
}
_NEW: dict[str, list[dict[str, object]]] = {
    "run": [{"run": "", "time": "3min", "tempo": "own"}],
    "walk": [{"walk": "", "time": "60s"}],
    "rest": [{"rest": "", "time": "15s"}],
    REPEAT: [
        {"repeat": 4},
        {"run": "Stride", "time": "20s", "tempo": "+5%"},
        {"walk": "Walk back", "time": "40s"},
    ],
}
"""What is added of a kind, to be changed."""


async def new_phase(page: Page, *, in_repeat: bool) -> list[dict[str, object]]:
    """Ask for a kind of phase; return the tables to add, or none if that is not answered."""
    kind = await page.app.push_screen_wait(Choose("Add which kind of phase?", _kinds(in_repeat)))
    if not kind or kind in _NEW:
        return _NEW.get(kind or "", [])
    value = await needed(page, kind, "")
    if value is None:
        return []
    drill = page.cadence_app.library.drills.get(value) if kind == "drill" else None
    return [{kind: value, "time": _time_of(drill) if drill else "10s"}]


async def other_kind(page: Page, kind: str, *, in_repeat: bool) -> str:
    """Ask for another kind of a phase; "" if it is to stay, ONCE to end a repeat."""
    answers = _kinds(in_repeat)
    if kind == REPEAT:
        answers = {ONCE: "the phases once, without the repeat"}
    new = await page.app.push_screen_wait(Choose("Which kind of phase?", answers, kind))
    return "" if new == kind else new or ""


async def needed(page: Page, kind: str, title: str) -> str | None:
    """Ask for what a kind of phase needs: a drill, or a text; None if that is not answered.

    The others have a `title`, which may be empty.
    """
    if kind == "drill":
        return await which_drill(page) or None
    if kind == "talk" and not title:
        return await page.app.push_screen_wait(Ask("What is said?")) or None
    return title


async def which_drill(page: Page, value: str = "") -> str:
    """Ask for a drill; its id, or ""."""
    drills = {drill.id: drill.name for drill in page.cadence_app.library.drills.values()}
    return await page.app.push_screen_wait(Choose("Which drill?", drills, value)) or ""


async def which_key(page: Page, kind: str, values: Mapping[str, object]) -> str:
    """Ask which of the keys without a column to change; "" for none."""
    rows = {
        key: f"{key:<15}{brief(key, values[key]) if key in values else f'({HINTS[key]})'}"
        for key in more_keys(kind, values)
    }
    if not rows:
        page.notify("A repeat has only its number; its phases are below.")
        return ""
    return await page.app.push_screen_wait(Choose("What else?", rows)) or ""


def _kinds(in_repeat: bool) -> dict[str, str]:
    return {kind: each for kind, each in _KINDS.items() if kind != REPEAT or not in_repeat}


def _time_of(drill: Drill) -> str:
    """A usual length of a set."""
    most = int(drill.dose.longest or 30)
    if drill.id == FALL:
        return f"{most}s"
    if drill.sides[0] is Side.BOTH:
        return f"{2 * min(most, 25) + 6}s"
    return f"{min(most, 30)}s"
