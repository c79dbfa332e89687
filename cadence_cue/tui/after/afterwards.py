"""What becomes of what was played: it is saved, and the runner is asked how it felt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widgets import Input

from cadence_cue.app.log import history
from cadence_cue.app.settings import user_folder
from cadence_cue.tui.host import Host
from cadence_cue.tui.page import Page

if TYPE_CHECKING:
    from cadence_cue.app.playing import Finished
    from cadence_cue.app.score.scoring import Score
    from cadence_cue.tui.after.after import AfterScreen

_BRIEF = 60.0  # seconds; less of a plain beat was for trying it


class Afterwards:
    """Ends what plays on the app, and asks once its `home` is in front."""

    def __init__(self, app: Host, home: Page, note: Callable[[str], None]) -> None:
        """`note` takes what is told in a place of its own."""
        self._app = app
        self._note = note
        self._home = home
        self._after: AfterScreen | None = None
        self._asks_sore: bool | None = None  # not known yet

    def end(self) -> None:
        """End what plays; there is something to ask about it then."""
        from cadence_cue.app.plan import kept_plan
        from cadence_cue.tui.after.after import AfterScreen

        finished, score = self.remember()
        if finished and finished.practice and not (_is_brief(finished) and score is None):
            self._after = AfterScreen(
                finished.practice, finished.found_cadence, finished.performed, score
            )
            self._asks_sore = kept_plan.asks_after_session(user_folder())

    def ask(self) -> None:
        """Ask how it felt, then whether anything is sore; not while something is searched for."""
        app = self._app
        if app.screen is not self._home or isinstance(app.focused, Input):
            return
        if self._after:
            app.push_screen(self._after)
            self._after = None
        elif app.transport is None and self._is_to_ask_sore():
            from cadence_cue.tui.after.sore import ask_sore

            self._asks_sore = False
            ask_sore(app)

    def _is_to_ask_sore(self) -> bool:
        """Whether to ask if anything is sore; found out at the start behind the first page."""
        if self._asks_sore is None and self._home.settled:
            from cadence_cue.app.plan import kept_plan

            self._asks_sore = kept_plan.asks_at_start(user_folder())
        return bool(self._asks_sore)

    def remember(self) -> tuple[Finished | None, Score | None]:
        """Stop following what plays, save what was practised, and return that and the score.

        Both are None if nothing plays.
        """
        app = self._app
        transport, prepared = app.transport, app.playing
        app.transport = app.playing = None
        if transport is None or prepared is None:
            return None, None
        from cadence_cue.app import playing
        from cadence_cue.app.score.lines import score_lines
        from cadence_cue.app.score.scoring import keep

        finished = playing.finish(transport, prepared, app.player)
        score = app.steps.end()
        not_saved = [*finished.not_saved]
        if score:
            self._note("\n".join(score_lines(score)))
            try:
                keep(score, user_folder())
            except OSError as error:
                not_saved.append(history.not_written(error))
        app.settings = app.settings.with_explained(finished.explained)
        for trouble in not_saved:
            app.notify(trouble, severity="warning", markup=False)
        return finished, score


def _is_brief(finished: Finished) -> bool:
    """Whether it was a plain beat for too short to ask about it, and nothing of it is to keep."""
    seconds = finished.practice.seconds if finished.practice else None
    brief = finished.performed.plain and (seconds or 0) < _BRIEF
    return brief and finished.found_cadence is None
