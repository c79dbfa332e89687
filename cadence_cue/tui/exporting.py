"""The dialog that exports a session to a file; what plays continues meanwhile."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, ProgressBar, Select, Static
from textual.worker import Worker, get_current_worker

from cadence_cue.app.export_job import ExportRequest, plan_export, track_name
from cadence_cue.app.export_job import report as report_of
from cadence_cue.app.history import remembered
from cadence_cue.app.music import prepared_music, usable_music
from cadence_cue.app.options import FileOptions, expanded, music_of
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.model import Drill, Music
from cadence_cue.coaching.rules import locked
from cadence_cue.errors import UserError, WayOut
from cadence_cue.export.formats import ENDINGS, QUALITIES
from cadence_cue.export.writer import check_target
from cadence_cue.music.preparing import PreparedMusic
from cadence_cue.studio import Performance
from cadence_cue.timing import RATE
from cadence_cue.tui.page import Cancelled, Dialog
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded

_USUAL = ".mp3"


class ExportScreen(Dialog[None]):
    """Asks for file, format and contents, then shows the progress; Escape cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave"),
        Binding("enter", "write"),
    ]

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._prepared = prepared
        self._writing: Worker[None] | None = None
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
            with Horizontal(classes="row"):
                yield Static("Format ", markup=False)
                yield Select(((each[1:], each) for each in ENDINGS), value=_USUAL, id="format",
                             allow_blank=False, compact=True)  # fmt: skip
                yield Static("  Quality ", markup=False)
                yield Select(((each, each) for each in QUALITIES), value="normal", id="quality",
                             allow_blank=False, compact=True)  # fmt: skip
            yield Static("Your own music: a file, folder or playlist", markup=False)
            yield Input(music.file if music else "", placeholder="none", id="music", compact=True)
            with Horizontal(classes="row"):
                yield Tick("voice", value=prepared.options.speaks, id="voice", compact=True)
                yield Tick("beat", value=prepared.options.beat, id="beat", compact=True)
                yield Tick("safety line", value=True, id="safety", compact=True)
                yield Tick("mono", id="mono", compact=True)
            with Horizontal(classes="row"):
                yield Tick("card to print", id="card", compact=True)
                yield Tick("sidecars", id="sidecars", compact=True)
                yield Tick("report", id="report", compact=True)
            for drill in self._waiting():
                yield Tick(f"leave out {drill.name} (locked)", name=drill.id,
                           classes="waiting", compact=True)  # fmt: skip
            yield ProgressBar(id="progress", show_eta=False)
            yield Static(id="wrong", markup=False)
            yield Static("Enter  write     Tab  next     Esc  cancel", classes="answers",
                         markup=False)  # fmt: skip

    def _waiting(self) -> tuple[Drill, ...]:
        """The drills that may be left out: none of what was performed, which is as it was."""
        prepared = self._prepared
        if prepared.options.performed:
            return ()
        return locked(prepared.session, prepared.library, self.cadence_app.settings.mastered)

    def on_mount(self) -> None:
        """Hide the progress bar until something is written."""
        self.query_one(ProgressBar).display = False

    @on(Select.Changed, "#format")
    def _rename(self, event: Select.Changed) -> None:
        """Give the file the ending of the chosen format."""
        target = self.query_one("#target", Input)
        path = Path(target.value)
        if path.suffix in ENDINGS:
            target.value = str(path.with_suffix(str(event.value)))
        elif path.name:
            target.value += str(event.value)

    def on_input_submitted(self) -> None:
        """Start writing."""
        self.action_write()

    def action_write(self) -> None:
        """Start writing, or show why that is impossible; a second Enter replaces a file."""
        if self._writing:
            return
        name = self.query_one("#target", Input).value.strip()
        force = self._replace == name
        try:
            target = expanded(name)
            request = self._request(target, force=force)
            encoding = request.files.encoding
            check_target(target, RATE, wish=encoding, force=force)
        except UserError as error:
            self._refuse(error)
            return
        bar = self.query_one(ProgressBar)
        bar.display = True
        bar.update(total=100, progress=0)
        self.tell("")
        self._writing = self._write(request, report=self._ticked("report"))

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
        return usable_music(place, self._prepared.session) if place else None

    def _refuse(self, error: UserError) -> None:
        """Show an error; after one about an existing file, Enter replaces it."""
        exists = error.way_out is WayOut.REPLACE
        self._replace = self.query_one("#target", Input).value.strip() if exists else ""
        self.tell(worded(error))

    @work(thread=True)
    def _write(self, request: ExportRequest, *, report: bool) -> None:
        """Plan the track and write it, in a thread."""
        worker = get_current_worker()
        cadence_app = self.cadence_app  # not available once the screen is closed
        call = cadence_app.call_from_thread
        shown = -1

        def progress(share: float) -> None:
            nonlocal shown
            if worker.is_cancelled:
                raise Cancelled
            if round(100 * share) > shown:
                shown = round(100 * share)
                call(self._show_progress, shown)

        tell = partial(cadence_app.notify, markup=False)

        def prepare_music(music: Music, performance: Performance) -> PreparedMusic:
            nonlocal shown
            call(self.tell, "Preparing the music ...")
            ready_music = prepared_music(music, performance, progress)
            call(self.tell, "")
            call(tell, "\n".join(ready_music.told))
            shown = -1
            return ready_music

        try:
            job = plan_export(
                request,
                self._prepared.library,
                cadence_app.settings,
                practices=remembered(user_folder()),
                prepare_music=prepare_music,
            )
            summary = job.write(progress)
            if report:
                summary = f"{summary}\n{report_of(job)}"
        except Cancelled:
            call(cadence_app.notify, "Stopped; nothing was written.")
            return
        except UserError as error:
            call(self._failed, error)
            return
        except OSError as error:
            call(self._failed, UserError.of(error))
            return
        call(self._done, summary)

    def _show_progress(self, percent: int) -> None:
        if self.is_current:
            self.query_one(ProgressBar).update(progress=percent)

    def _failed(self, error: UserError) -> None:
        self._writing = None
        if not self.is_current:
            self.notify(worded(error), severity="warning", markup=False)
            return
        self.query_one(ProgressBar).display = False
        self._refuse(error)

    def _done(self, summary: str) -> None:
        self.notify(summary, title="Exported", markup=False)
        if self.is_current:
            self.dismiss()

    def action_leave(self) -> None:
        """Cancel; an incomplete file is removed."""
        if self._writing:
            self._writing.cancel()
        self.dismiss()
