"""The screen of the exports: how far each is, and what can be done with it."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from cadence_cue.app.opening import open_folder
from cadence_cue.app.tracks import exported
from cadence_cue.app.tracks.exported import Exported
from cadence_cue.app.tracks.exports import Export, State
from cadence_cue.tui.rows import BACK, Rows, RowsPage
from cadence_cue.tui.sharing import ShareScreen
from cadence_cue.tui.ways_out import worded

_FILES = 1.0  # seconds between two looks at what is there


class ExportsScreen(RowsPage):
    """A row for each export since the start, then for those of earlier starts; latest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,S", "take", "share", tooltip="let a phone download it",
                id="exports.share"),
        Binding("o", "folder", "open folder", tooltip="open its folder", id="exports.folder"),
        Binding("c", "stop", "stop", tooltip="stop writing it", id="exports.stop"),
        BACK,
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Exports")
        self._kept: dict[Path, Exported] = {}
        self._gone: set[Path] = set()
        self._stops: bool | None = None  # whether the key that stops is shown

    def on_mount(self) -> None:
        """Read the list, and keep an eye on the files."""
        self._look()
        self.set_interval(_FILES, self._look)

    def _look(self) -> None:
        """See what is listed and what of it is there."""
        self._kept = {each.target: each for each in exported.listed()}
        self._gone = {target for target, each in self._kept.items() if each.is_gone}

    def follow(self) -> None:
        """Show how far each is."""
        super().follow()
        exports = self.cadence_app.exports.all
        rows = {str(k): self._row(export) for k, export in enumerate(exports)}
        rows = dict(reversed(rows.items()))
        new = {export.target for export in exports}
        rows |= {str(at): self._row_of(each) for at, each in self._kept.items() if at not in new}
        self.show("What you have exported." if rows else (
            "Nothing has been exported yet. x exports the session that is chosen or played."
        ), rows)  # fmt: skip
        if self._stops != (stops := self.check_action("stop", ())):
            self._stops = stops
            self.refresh_bindings()

    @property
    def _export(self) -> Export | None:
        """The chosen export of this start."""
        return self.cadence_app.exports.all[int(self.chosen)] if self.chosen.isdigit() else None

    @property
    def _written(self) -> Path | None:
        """The file of the chosen export, if it is there; else this is told."""
        export = self._export
        if not self.chosen or (export and export.state is not State.DONE):
            self.notify("Choose an export that is done.")
            return None
        target = export.target if export else Path(self.chosen)
        if not target.is_file():
            self.notify(f"It is no longer there: {target}", severity="warning")
            return None
        return target

    def action_take(self) -> None:
        """Let a phone on this network download it."""
        if target := self._written:
            self.app.push_screen(ShareScreen(target))

    def action_folder(self) -> None:
        """Open its folder in the computer's file manager."""
        if target := self._written:
            # A daemon thread, so that the app can end without waiting for the file manager.
            threading.Thread(target=self._open, args=(target.parent,), daemon=True).start()

    def _open(self, folder: Path) -> None:
        if open_folder(folder):
            told = partial(self.notify, f"Opened {folder}")
        else:
            there_is_none = f"There is no file manager here. The folder: {folder}"
            told = partial(self.notify, there_is_none, severity="warning")
        with suppress(RuntimeError):  # the app may have ended meanwhile
            self.from_thread(told)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key that stops an export where none is being written."""
        if action != "stop":
            return super().check_action(action, parameters)
        export = self._export if self.query(Rows) else None
        return export is not None and not export.over

    def action_stop(self) -> None:
        """Stop it; of an incomplete file nothing is left."""
        if export := self._export:
            self.cadence_app.exports.stop(export)

    def _row(self, export: Export) -> str:
        """The title and the state, then where it is or why it is not there."""
        below = str(export.target)
        state: str = export.state
        match export.state:
            case State.DONE if export.target in self._gone:
                state = _GONE
            case State.DONE:
                below = export.summary
            case State.FAILED if export.error:
                below = worded(export.error)
        share = "" if export.over else f", {export.share:.0%}"
        return _lines(f"{export.title}: {state}{share}", below)

    def _row_of(self, each: Exported) -> str:
        """The same of an export of an earlier start."""
        gone = f"{_GONE}, " if each.target in self._gone else ""
        return _lines(f"{each.title}: {gone}{each.day}", str(each.target))


_GONE = "no longer there"


def _lines(first: str, below: str) -> str:
    return "\n".join([first, *(f"  {line}" for line in below.split("\n"))])
