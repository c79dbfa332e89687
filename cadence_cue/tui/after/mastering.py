"""The questions whether a drill is mastered: before one that waits for it, and at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cadence_cue.app.sessions.listing import Entry
from cadence_cue.coaching.drill import Drill
from cadence_cue.coaching.rules import condition
from cadence_cue.errors import UserError
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Confirm
from cadence_cue.tui.ways_out import worded

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared


class Mastering:
    """Asks for the page that lists the drills."""

    def __init__(self, page: Page, marked: Callable[[], None]) -> None:
        """`marked` is called after each change."""
        self._page = page
        self._marked = marked

    async def play(self, prepared: Prepared) -> None:
        """Ask about each locked drill of a session, and play it with those that are unlocked."""
        host, page = self._page.cadence_app, self._page
        drills, left_out = prepared.library.drills, []
        for drill in prepared.left_out:
            before = drills[drill.after or ""]
            if before.id in host.settings.mastered:
                continue  # asked about for an earlier drill
            question = Confirm(_whether_mastered(drill, before), yes="yes, I have",
                               no="not yet: play without it", leave="leave")  # fmt: skip
            answer = await page.app.push_screen_wait(question)
            if answer is None:
                return
            if answer:
                self._mark(before.id, yes=True)
            else:
                left_out.append(drill.id)
        if len(left_out) < len(prepared.left_out):
            options = replace(prepared.options, left_out=tuple(left_out))
            try:
                prepared = host.prepare(prepared.session, options)
            except UserError as error:  # such as a recording that is no longer there
                page.notify(worded(error), severity="warning", markup=False)
                return
        host.play(prepared)

    def locks(self, entry: Entry) -> bool:
        """Return whether a drill must wait for another; if so, ask whether that is mastered."""
        from cadence_cue.app.preparing import waits_for

        drill, host = entry.drill, self._page.cadence_app
        before = waits_for(drill, host.library, host.settings) if drill else None
        if drill is None or before is None:
            return False
        self._ask(_whether_mastered(drill, before), before)
        return True

    def change(self, drill: Drill) -> None:
        """Mark a drill as mastered, after asking what the article asks; or take the mark back."""
        if drill.id in self._page.cadence_app.settings.mastered:
            self._mark(drill.id, None)
            return
        self._ask(f"{drill.name}: you have it when: {drill.mastery}\nHave you?", drill)

    def _ask(self, question: str, drill: Drill) -> None:
        asked = Confirm(question, yes="yes, I have", no="not yet")
        self._page.app.push_screen(asked, partial(self._mark, drill.id))

    def _mark(self, drill: str, yes: bool | None) -> None:
        """Save the answer; None takes the mark back."""
        if yes is not False:
            self._page.cadence_app.mark_mastered(drill, mastered=bool(yes))
            self._marked()


def _whether_mastered(drill: Drill, before: Drill) -> str:
    """The question whether a locked drill may be done, `before` being its prerequisite."""
    return f"{condition(drill, before)}\nYou have it when: {before.mastery}\nHave you?"
