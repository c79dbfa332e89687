"""The screen of the history: charts of weeks and months, as `log --chart` prints them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from cadence_cue.app.charts.charts import charts
from cadence_cue.app.charts.trends import Trends, trends
from cadence_cue.app.log import entries, history, log_file
from cadence_cue.app.log.entries import Entry
from cadence_cue.app.log.log_text import HEADINGS, counted, entry_line
from cadence_cue.app.settings import user_folder
from cadence_cue.tui.file_question import write_to_file
from cadence_cue.tui.pages import Confirm
from cadence_cue.tui.rows import BESIDE, RowsPage, TextPage
from cadence_cue.tui.ways_out import worded


class HistoryScreen(TextPage):
    """Charts of what was practised, run and scored."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "app.open('LogScreen')", "entries", tooltip="each entry: delete",
                id="history.entries"),
        Binding("w", "write", "write", tooltip="write the whole log to a file",
                id="history.write"),
        Binding("escape", "app.back", "back", id="app.back"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="History")
        self._trends: Trends | None = None

    def on_screen_resume(self) -> None:
        """Read the history, which may have changed."""
        host = self.cadence_app
        try:
            self._trends = trends(user_folder(), host.library, host.settings.cadence)
        except OSError as error:
            self._trends = None
            self.show([worded(error)])
        else:
            self.redraw()

    def redraw(self) -> None:
        """Draw the charts for this width."""
        if self._trends:
            self.show(charts(self._trends, self.app.size.width - BESIDE))
        else:
            super().redraw()

    def action_write(self) -> None:
        """Ask for a file and write the log to it."""
        write_to_file(self.cadence_app, "The file, .csv or .json", "log.csv", _write)


def _write(path: Path, replace: bool) -> str:
    return counted(log_file.write(path, user_folder(), force=replace))


class LogScreen(RowsPage):
    """Each entry of the log, the latest first."""

    HANGING = 18  # below what was heard

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "delete", "delete", tooltip="delete this entry", id="log.delete"),
        Binding("A", "delete_all", "delete all", tooltip="delete the whole log",
                id="log.delete_all"),
        Binding("escape", "app.back", "back", id="app.back"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Log")
        self._entries: list[Entry] = []

    def on_mount(self) -> None:
        """List the entries."""
        self._list()

    def _list(self) -> None:
        try:
            self._entries = entries.entries(user_folder())
        except OSError as error:
            self.show(worded(error), {})
            return
        about = HEADINGS if self._entries else "Nothing has been practised yet."
        rows = {str(k): entry_line(each) for k, each in enumerate(self._entries)}
        self.show(about, dict(reversed(rows.items())))

    def action_delete(self) -> None:
        """Delete the chosen entry, after a question."""
        if not self.chosen:
            return
        entry = self._entries[int(self.chosen)]
        asked = Confirm(f"Delete this entry?\n{entry_line(entry)}", yes="delete it", no="keep it")
        self.app.push_screen(asked, partial(self._delete, partial(entries.delete, [entry])))

    def action_delete_all(self) -> None:
        """Delete the whole log, after a question."""
        if not self._entries:
            return
        asked = f"Delete the whole log, {counted(len(self._entries))}?"
        self.app.push_screen(Confirm(asked, yes="delete it", no="keep it"),
                             partial(self._delete, entries.delete_all))  # fmt: skip

    def _delete(self, delete: Callable[[Path], None], yes: bool | None) -> None:
        if not yes:
            return
        try:
            delete(user_folder())
        except OSError as error:
            self.notify(history.not_written(error), severity="warning")
        self._list()
