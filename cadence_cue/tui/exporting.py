"""Writes what is chosen to a file, while everything that plays goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, ProgressBar, Select, Static
from textual.worker import Worker, get_current_worker

from cadence_cue import studio
from cadence_cue.app import runner
from cadence_cue.app.export_job import export_job, track_name
from cadence_cue.app.music import music_of, prepared_music
from cadence_cue.coaching.model import Music
from cadence_cue.errors import UserError, WayOut
from cadence_cue.export.formats import ENDINGS, QUALITIES, EncodingOptions
from cadence_cue.export.writer import check_target
from cadence_cue.music.preparing import pieces_of
from cadence_cue.studio import PerformanceSpec
from cadence_cue.tui.page import Cancelled, Dialog
from cadence_cue.tui.prepared import Prepared
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded

_USUAL = ".mp3"


class ExportScreen(Dialog[None]):
    """Format, what to include, and where; then progress, which Escape cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave"),
        Binding("enter", "write"),
    ]

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._prepared = prepared
        self._writing: Worker[None] | None = None
        self._replace = ""  # a file that may be replaced: Enter was pressed twice

    def compose(self) -> ComposeResult:
        """The wishes."""
        session = self._prepared.session
        music = music_of(session)
        cadence_spm = self._prepared.performance.spec.cadence_spm
        name = track_name(session, self._prepared.library, cadence_spm)
        with Vertical(classes="dialog"):
            yield Static(f"Export {session.title}", classes="heading", markup=False)
            yield Static("File", markup=False)
            yield Input(f"{name}{_USUAL}", id="target", compact=True)
            with Horizontal(classes="row"):
                yield Static("Format ", markup=False)
                yield Select(((each[1:], each) for each in ENDINGS), value=_USUAL, id="format",
                             allow_blank=False, compact=True)  # fmt: skip
                yield Static("  Quality ", markup=False)
                yield Select(((each, each) for each in QUALITIES), value="normal", id="quality",
                             allow_blank=False, compact=True)  # fmt: skip
            yield Static("Your own music underneath: a file or a folder", markup=False)
            yield Input(music.file if music else "", placeholder="none", id="music", compact=True)
            with Horizontal(classes="row"):
                yield Tick("voice", value=True, id="voice", compact=True)
                yield Tick("beat", value=True, id="beat", compact=True)
                yield Tick("safety line", value=True, id="safety", compact=True)
            yield ProgressBar(id="progress", show_eta=False)
            yield Static(id="wrong", markup=False)
            yield Static("Enter  write     Tab  next     Esc  cancel", classes="answers",
                         markup=False)  # fmt: skip

    def on_mount(self) -> None:
        """Nothing is written yet."""
        self.query_one(ProgressBar).display = False

    @on(Select.Changed, "#format")
    def _rename(self, event: Select.Changed) -> None:
        """The file is called by its format."""
        target = self.query_one("#target", Input)
        path = Path(target.value)
        if path.suffix in ENDINGS:
            target.value = str(path.with_suffix(str(event.value)))
        elif path.name:
            target.value += str(event.value)

    def on_input_submitted(self) -> None:
        """Write."""
        self.action_write()

    def action_write(self) -> None:
        """Write it, or tell what cannot be; an existing file is replaced when asked twice."""
        if self._writing:
            return
        name = self.query_one("#target", Input).value.strip()
        force = self._replace == name
        try:
            target = Path(name).expanduser()
            music = self._music()
            wish = EncodingOptions(quality=str(self.query_one("#quality", Select).value))
            check_target(target, studio.RATE, wish=wish, force=force)
        except RuntimeError as error:  # "~somebody" who is not there
            self._tell(str(error))
            return
        except UserError as error:
            self._refuse(error)
            return
        bar = self.query_one(ProgressBar)
        bar.display = True
        bar.update(total=100, progress=0)
        self._tell("")
        wished = {each.id or "": each.value for each in self.query(Tick)}
        cadence_spm = self._prepared.performance.spec.cadence_spm
        wishes = runner.performance_spec(
            self.cadence_app.settings, cadence_spm, live=False, rate=studio.RATE
        )
        self._writing = self._write(target, wish, wishes, wished, music, force=force)

    def _music(self) -> Music | None:
        """The music that is asked for. Raises UserError."""
        place = self.query_one("#music", Input).value.strip()
        if not place:
            return None
        pieces_of(Path(place).expanduser(), None)
        music = music_of(self._prepared.session)
        file = str(Path(place).expanduser())
        return replace(music, file=file) if music else Music(file)

    def _refuse(self, error: UserError) -> None:
        """Tell what cannot be; an existing file may be replaced then."""
        exists = error.way_out is WayOut.REPLACE
        self._replace = self.query_one("#target", Input).value.strip() if exists else ""
        self._tell(worded(error))

    def _tell(self, text: str) -> None:
        self.query_one("#wrong", Static).update(text)

    @work(thread=True)
    def _write(
        self,
        target: Path,
        wish: EncodingOptions,
        wishes: PerformanceSpec,
        wished: dict[str, bool],
        music: Music | None,
        *,
        force: bool,
    ) -> None:
        """Plan it as a file and write it; `wished` are the ticks."""
        worker, cadence_app = (
            get_current_worker(),
            self.cadence_app,
        )  # which a screen that is left has not
        call = cadence_app.call_from_thread
        prepared, before = self._prepared, self._prepared.performance
        wishes = replace(
            wishes,
            safety=wished["safety"],
            speaks=wished["voice"],
            seed=before.seed,
            explain=before.spec.explain,
        )
        shown = -1

        def progress(share: float) -> None:
            nonlocal shown
            if worker.is_cancelled:
                raise Cancelled
            if round(100 * share) > shown:
                shown = round(100 * share)
                call(self._show, shown)

        try:
            same = wishes.ensemble == before.spec.ensemble
            performance = studio.Performance(
                prepared.session, prepared.library, wishes, cast=before.cast if same else None
            )
            made = export_job(
                performance,
                performance.timeline,
                target,
                wish=wish,
                beat=wished["beat"],
                voice=wished["voice"],
                force=force,
            )
            if music:
                call(self._tell, "Preparing the music ...")
                made = replace(made, bed=prepared_music(music, performance, progress))
                call(self._tell, "")
                shown = -1
            told = made.write(progress)
        except Cancelled:
            call(cadence_app.notify, "Stopped; nothing was written.")
            return
        except UserError as error:
            call(self._failed, error)
            return
        except OSError as error:
            call(self._failed, UserError.of(error))
            return
        call(self._done, told)

    def _show(self, percent: int) -> None:
        if self.is_current:
            self.query_one(ProgressBar).update(progress=percent)

    def _failed(self, error: UserError) -> None:
        self._writing = None
        if not self.is_current:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.query_one(ProgressBar).display = False
        self._refuse(error)

    def _done(self, told: str) -> None:
        self.notify(told, title="Exported", markup=False)
        if self.is_current:
            self.dismiss()

    def action_leave(self) -> None:
        """Cancel: nothing is left of a file that is not complete."""
        if self._writing:
            self._writing.cancel()
        self.dismiss()
