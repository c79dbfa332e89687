"""The screen of a session's own recordings: which of its lines are there, and which are missing."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cadence_cue.app.invocation import command
from cadence_cue.app.log.history import remembered
from cadence_cue.app.settings import changed, user_folder
from cadence_cue.app.voice.recorded_lines import Sheet, sheet
from cadence_cue.coaching.session import Session
from cadence_cue.errors import UserError
from cadence_cue.tui.page import END
from cadence_cue.tui.pages import Ask
from cadence_cue.tui.rows import BACK, TextPage
from cadence_cue.tui.voice.line_recording import LineRecordingScreen
from cadence_cue.tui.ways_out import worded


class RecordingsScreen(TextPage):
    """Lists each line of a session with the file name of its recording."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "record", "record", tooltip="record what is missing, line after line",
                id="recordings.record"),
        Binding("m", "missing", "only missing", tooltip="only what is missing, or all",
                id="recordings.missing"),
        Binding("c", "folder", "folder", tooltip="choose the folder of your recordings",
                id="recordings.folder"),
        Binding("r", "again", "look again", id="recordings.again"),
        END,
        BACK,
    ]  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(name=f"Recordings of {session.title}")
        self._session = session
        self._sheet: Sheet | None = None
        self._only_missing = False

    def on_mount(self) -> None:
        """Look at once."""
        self.action_again()

    def action_again(self) -> None:
        """Look which recordings are there."""
        self.show(["Listening to your recordings…"])
        self._look()

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        """Read all recordings, in a thread."""
        host = self.cadence_app
        practices = remembered(user_folder())
        try:
            found = sheet(self._session, host.library, host.settings, practices)
        except UserError as error:
            self.from_thread(self.show, [worded(error)])
        else:
            self.from_thread(self._found, found)

    def _found(self, found: Sheet) -> None:
        self._sheet = found
        self._list()

    def _list(self) -> None:
        if not (found := self._sheet):
            return
        if found.folder:
            about = f"{found.recorded} of {len(found.lines)} are recorded in {found.folder}."
        else:
            about = "No folder of your own recordings is chosen: c chooses one."
        lines = [line for line in found.lines if not (self._only_missing and line.there)]
        self.show(
            [
                about,
                "Record each as a file of this name, in any format; the voice speaks the others.",
                *found.faults,
                "",
                *(f"[{'x' if line.there else ' '}] {line.name}\n    {line.text}" for line in lines),
                "",
                f"As a list to print: {command('lines {} -o FILE', self._session.name)}",
                "Enter records what is missing, one line after the other.",
            ]
        )

    def action_record(self) -> None:
        """Record the missing lines from the microphone."""
        sheet = self._sheet
        if self.cadence_app.transport:
            self.end_first("record")
        elif sheet is None:
            return
        elif sheet.folder is None:
            self.notify("Choose a folder for your recordings first: c")
        elif missing := [line for line in sheet.lines if not line.there]:
            screen = LineRecordingScreen(missing, sheet.folder)
            self.app.push_screen(screen, lambda _: self.action_again())
        else:
            self.notify("Every line is recorded.")

    def action_missing(self) -> None:
        """Show only what is missing, or all lines."""
        self._only_missing = not self._only_missing
        self._list()

    def action_folder(self) -> None:
        """Ask for the folder of the runner's recordings."""
        now = self.cadence_app.settings.sounds
        self.app.push_screen(Ask("The folder of your recordings", now), self._chosen)

    def _chosen(self, folder: str | None) -> None:
        if not folder:
            return
        if not Path(folder).expanduser().is_dir():
            self.notify(f"{folder} is not a folder.", severity="warning")
            return
        self.cadence_app.change_settings(lambda saved: changed(saved, "sounds", folder))
        self.action_again()
