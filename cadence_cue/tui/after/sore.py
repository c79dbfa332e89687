"""The question whether anything is sore, which a plan follows."""

from __future__ import annotations

from collections.abc import Callable

from cadence_cue.app.plan import kept_plan
from cadence_cue.app.settings import user_folder
from cadence_cue.errors import UserError
from cadence_cue.tui.host import Host
from cadence_cue.tui.pages import Confirm
from cadence_cue.tui.ways_out import worded


def ask_sore(host: Host, then: Callable[[], object] = lambda: None) -> None:
    """Ask whether anything is sore, tell what changes in the plan, and do what comes then."""

    def answered(yes: bool | None) -> None:
        try:
            for sentence in kept_plan.answered(user_folder(), sore=bool(yes)):
                host.notify(sentence)
        except (UserError, OSError) as error:
            host.notify(worded(error), severity="warning")
        then()

    host.push_screen(Confirm(kept_plan.SORE, yes="yes", no="no"), answered)
