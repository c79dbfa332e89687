"""The dialog that begins an export of a session to a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.widgets import Input, Select, Static

from cadence_cue.app.findings import homely
from cadence_cue.app.music.under import usable_music
from cadence_cue.app.options import FileOptions, expanded, music_of
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.tracks.export_job import ExportRequest, track_name
from cadence_cue.coaching.drill import Drill
from cadence_cue.coaching.rules import locked
from cadence_cue.coaching.session import Music
from cadence_cue.errors import UserError, WayOut, printable
from cadence_cue.export.formats import ENDINGS, QUALITIES
from cadence_cue.export.sidecars import check_beside
from cadence_cue.export.writer import check_target
from cadence_cue.timing import RATE
from cadence_cue.tui.music_ticks import MusicDialog
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded

_USUAL = ".mp3"


class ExportScreen(MusicDialog[None]):
    """Asks for file, format and contents; Enter begins the export, which the app then does."""

    AUTO_FOCUS = ""  # a field would take the keys of what plays

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave"),
        Binding("enter", "write"),
    ]

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._prepared = prepared
        self._replace = ""  # the existing file that a second Enter replaces

    def compose(self) -> ComposeResult:
        """The options of the track."""
        prepared = self._prepared
        session = prepared.session
        music = music_of(session)
        cadence_spm = prepared.performance.spec.cadence_spm
        performed = prepared.options.performed is not None
        name = track_name(session, prepared.library, cadence_spm, performed=performed)
        heading = f"Export {session.title}{', as you performed it' if performed else ''}"
        with Vertical(classes="dialog"):
            yield Static(heading, classes="heading", markup=False)
            yield Static("File", markup=False)
            yield Input(f"{name}{_USUAL}", id="target", compact=True)
            yield Static(id="place", classes="hint", markup=False)
            with Horizontal(classes="row"):
                yield Static("Format ", markup=False)
                yield Select(((each[1:], each) for each in ENDINGS), value=_USUAL, id="format",
                             allow_blank=False, compact=True)  # fmt: skip
                yield Static("  Quality ", markup=False)
                yield Select(((each, each) for each in QUALITIES), value="normal", id="quality",
                             allow_blank=False, compact=True)  # fmt: skip
            yield Static("Your own music: a file, folder or playlist", markup=False)
            yield Input(music.file if music else "", placeholder="none", id="music", compact=True)
            with Grid(classes="ticks"):
                yield Tick("voice", value=prepared.options.speaks, id="voice", compact=True)
                yield Tick("beat", value=prepared.options.beat, id="beat", compact=True)
                yield Tick(
                    "safety line",
                    value=True,
                    id="safety",
                    compact=True,
                    tooltip="Spoken reminders: traffic, room, stop if anything hurts.",
                )
                yield Tick("mono", id="mono", compact=True, tooltip="One channel instead of two.")
                yield Tick(
                    "card to print",
                    id="card",
                    compact=True,
                    tooltip="A page to print or read beside the track (.html).",
                )
                yield Tick(
                    "sidecars",
                    id="sidecars",
                    compact=True,
                    tooltip="Words, chapters and timeline as files beside the track.",
                )
                yield Tick(
                    "report",
                    id="report",
                    compact=True,
                    tooltip="Loudness, true peak and share of speech, told at the end.",
                )
                yield from self.music_ticks(music)
            yield Static(id="about", classes="hint", markup=False)
            for drill in self._waiting():
                yield Tick(f"leave out {drill.name} (locked)", name=drill.id,
                           classes="waiting", compact=True)  # fmt: skip
            yield Static(id="wrong", markup=False)
            yield Static("Enter  export     Tab  next     Esc  leave", classes="answers",
                         markup=False)  # fmt: skip

    def _waiting(self) -> tuple[Drill, ...]:
        """The drills that may be left out: none of what was performed, which is as it was."""
        prepared = self._prepared
        if prepared.options.performed:
            return ()
        return locked(prepared.session, prepared.library, self.cadence_app.settings.mastered)

    @on(Select.Changed, "#format")
    def _rename(self, event: Select.Changed) -> None:
        """Give the file the ending of the chosen format."""
        target = self.query_one("#target", Input)
        path = Path(target.value)
        if path.suffix in ENDINGS:
            target.value = str(path.with_suffix(str(event.value)))
        elif path.name:
            target.value += str(event.value)

    @on(Input.Changed, "#target")
    def _show_place(self, event: Input.Changed) -> None:
        """Show the full place of the file."""
        self.query_one("#place", Static).update(printable(homely(_place(event.value))))

    def on_input_submitted(self) -> None:
        """Start writing."""
        self.action_write()

    def action_write(self) -> None:
        """Begin the export, or show why that is impossible; a second Enter replaces a file."""
        name = self.query_one("#target", Input).value.strip()
        force = self._replace == name
        try:
            request = self._request(_place(name), force=force)
            check_target(request.target, RATE, wish=request.files.encoding, force=force)
            check_beside(request.target, _beside(request.files), force=force)
        except UserError as error:
            self._refuse(error)
            return
        host = self.cadence_app
        host.exports.add(
            request, self._prepared.library, host.settings, measured=self._ticked("report")
        )
        host.show_messages([f"exporting to {request.target}"])
        self.dismiss()

    def _request(self, target: Path, *, force: bool) -> ExportRequest:
        """The request with the chosen options. Raises UserError."""
        prepared = self._prepared
        options = replace(
            prepared.options,
            seed=prepared.performance.seed,
            speaks=self._ticked("voice"),
            beat=self._ticked("beat"),
            safety_line=self._ticked("safety"),
        )
        if not options.performed:
            ticks = self.query(".waiting").results(Tick)
            left_out = tuple(each.name or "" for each in ticks if each.value)
            options = replace(options, left_out=left_out)
        files = FileOptions(
            quality=str(self.query_one("#quality", Select).value),
            mono=self._ticked("mono"),
            force=force,
            sidecars=self._ticked("sidecars"),
            card=self._ticked("card"),
        )
        return ExportRequest(prepared.session, target, options, files, self._music())

    def _ticked(self, name: str) -> bool:
        return self.query_one(f"#{name}", Tick).value

    def _music(self) -> Music | None:
        """The chosen music. Raises UserError if it cannot be used."""
        place = self.query_one("#music", Input).value.strip()
        if not place:
            return None
        return self.ticked.of(usable_music(place, self._prepared.session))

    def _refuse(self, error: UserError) -> None:
        """Show an error; after one about an existing file, Enter replaces it."""
        exists = error.way_out is WayOut.REPLACE
        self._replace = self.query_one("#target", Input).value.strip() if exists else ""
        self.tell(worded(error))

    def action_leave(self) -> None:
        """Close the dialog."""
        self.dismiss()


def _place(name: str) -> Path:
    """The full path of a file of this name."""
    return expanded(name).absolute()


def _beside(files: FileOptions) -> list[tuple[str, str]]:
    """The endings of the files that are written beside the track."""
    endings = [".html"] * files.card + [".lrc", ".cue", ".timeline.json"] * files.sidecars
    return [(ending, "") for ending in endings]
