"""The screen of the exports: how far each is, and what can be done with it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from cadence_cue.app.exports import Export, State
from cadence_cue.app.opening import open_folder
from cadence_cue.tui.rows import RowsPage
from cadence_cue.tui.sharing import ShareScreen
from cadence_cue.tui.ways_out import worded


class ExportsScreen(RowsPage):
    """A row for each export since the start, the latest first."""

    OPENER: ClassVar[Binding | None] = Binding(
        "X", "open('ExportsScreen')", "exports", show=False, tooltip="your exports: share, folder",
        id="app.exports",
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,S", "share", "share", tooltip="let a phone download it",
                id="exports.share"),
        Binding("o", "folder", "open folder", tooltip="open its folder", id="exports.folder"),
        Binding("c", "stop", "stop", tooltip="stop writing it", id="exports.stop"),
        Binding("escape", "app.back", "back", id="app.back"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Exports")

    def follow(self) -> None:
        """Show how far each is."""
        super().follow()
        exports = self.cadence_app.exports.all
        about = "What you have exported since the start." if exports else (
            "Nothing has been exported yet. x exports the session that is chosen or played."
        )  # fmt: skip
        rows = {str(k): _row(export) for k, export in enumerate(exports)}
        self.show(about, dict(reversed(rows.items())))

    @property
    def _export(self) -> Export | None:
        return self.cadence_app.exports.all[int(self.chosen)] if self.chosen else None

    @property
    def _written(self) -> Export | None:
        """The chosen export, if it is there; else this is told."""
        export = self._export
        if export is None or export.state is not State.DONE:
            self.notify("Choose an export that is done.")
            return None
        return export

    def on_option_list_option_selected(self) -> None:
        """Share the one chosen with Enter or the mouse."""
        self.action_share()

    def action_share(self) -> None:
        """Let a phone on this network download it."""
        if export := self._written:
            self.app.push_screen(ShareScreen(export.target))

    def action_folder(self) -> None:
        """Open its folder in the computer's file manager."""
        if (export := self._written) and not open_folder(export.target.parent):
            self.notify(f"There is no file manager here. The folder: {export.target.parent}")

    def action_stop(self) -> None:
        """Stop it; of an incomplete file nothing is left."""
        if export := self._export:
            self.cadence_app.exports.stop(export)


def _row(export: Export) -> str:
    """The title and the state, then where it is or why it is not there."""
    below = str(export.target)
    match export.state:
        case State.DONE:
            below = export.summary
        case State.FAILED if export.error:
            below = worded(export.error)
    share = "" if export.over else f", {export.share:.0%}"
    lines = "\n".join(f"  {line}" for line in below.split("\n"))
    return f"{export.title}: {export.state}{share}\n{lines}"
