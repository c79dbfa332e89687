"""The dialog after a session: how it felt, a cadence to keep, a drill to mark as mastered."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Static

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.score.data import write_score
from cadence_cue.app.score.scoring import Score
from cadence_cue.app.settings import changed, user_folder
from cadence_cue.coaching.pages import clock
from cadence_cue.tui.file_question import write_to_file
from cadence_cue.tui.page import Dialog


class AfterScreen(Dialog[None]):
    """Asks how the session felt; Enter skips it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,q", "leave"),
        Binding("k", "keep"),
        Binding("x", "export"),
        Binding("y", "mark_mastered"),
        Binding("w", "write"),
    ]

    def __init__(
        self,
        practice: Practice,
        found_cadence: float | None,
        performed: Prepared,
        score: Score | None = None,
    ) -> None:
        super().__init__()
        self._practice = practice
        self._found_cadence = found_cadence
        self._performed = performed
        self._score = score if score and score.steps else None
        self._easy = ""  # a drill that felt easy often enough

    def compose(self) -> ComposeResult:
        """The session, the question and the keys."""
        practice = self._practice
        done = f"{practice.share:.0%} done"
        if self._performed.plain:  # a beat has no end to be a share of
            done = clock(practice.seconds or 0)
        with Vertical(classes="dialog"):
            yield Static(f"{practice.title}: {done}", classes="heading", markup=False)
            if self._score:
                results = [each.line for each in self._score.results] or ["too few to judge"]
                told = ["Your steps", *results, "w  write every step to a file", ""]
                yield Static("\n".join(told), id="steps", markup=False)
            yield Static(history.SCALE, id="marks", markup=False)
            yield Static(id="found", markup=False)
            yield Static("1-5  answer   x  export as performed   Enter  skip",
                         classes="answers", markup=False)  # fmt: skip

    def on_mount(self) -> None:
        """Offer the cadence that was found by hand."""
        if self._found_cadence:
            own = self.cadence_app.settings.own_cadence()
            self._show(f"You ran at {self._found_cadence:g} ({own}).\nk keeps it as yours.")

    def _show(self, text: str) -> None:
        self.query_one("#found", Static).update(text)

    def on_key(self, event: Key) -> None:
        """Take a mark from 1 to 5."""
        if event.character and event.character in "12345":
            event.stop()
            self._mark(int(event.character))

    def _mark(self, mark: int) -> None:
        cadence_app = self.cadence_app
        folder = user_folder()
        try:
            history.mark_this(self._practice, mark, folder)
            practices = history.load(folder)
        except OSError as error:
            cadence_app.notify(history.not_written(error), severity="warning", markup=False)
            self.dismiss()
            return
        library, known = cadence_app.library, cadence_app.settings.mastered
        ripe = history.ripe(practices, known)
        done = self._practice.drills
        self._easy = next((each for each in ripe if each in done and each in library.drills), "")
        if not self._easy:
            self.dismiss()
            return
        drill = library.drills[self._easy]
        steps = "\n".join(f"Next: {step}" for step in drill.tempo.progression)
        self.query_one("#marks", Static).update(f"{mark} of 5")
        self._show(
            f"{history.felt_easy(drill)}\ny  yes, I have mastered it     Enter  not yet\n\n{steps}"
        )

    def action_keep(self) -> None:
        """Save the found cadence as the runner's own."""
        if self._found_cadence:
            found = self._found_cadence
            self.cadence_app.change_settings(lambda saved: changed(saved, "cadence", found))
            self._show(f"Your own cadence is {found:g} now.")
            self._found_cadence = None

    def action_export(self) -> None:
        """Open the export dialog for what was performed, with its tempo changes."""
        from cadence_cue.tui.exporting import ExportScreen

        self.app.push_screen(ExportScreen(self._performed))

    def action_write(self) -> None:
        """Ask for a file, and write the score with every step to it."""
        if self._score:
            write = partial(_written, self._score)
            write_to_file(self.cadence_app, "The file, .json", "steps.json", write)

    def action_mark_mastered(self) -> None:
        """Mark the drill as mastered."""
        if self._easy:
            self.cadence_app.mark_mastered(self._easy)
            self.dismiss()

    def action_leave(self) -> None:
        """Close the dialog without an answer."""
        self.dismiss()


def _written(score: Score, path: Path, replace: bool) -> str:
    write_score(score, path, force=replace)
    return f"{len(score.steps)} steps"
