"""Exports in the background: one after the other, each kept in a list with what became of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.app.log.history import remembered
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks import exported
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Music
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.app.music.songs import Song
    from cadence_cue.app.tracks.export_job import ExportRequest
    from cadence_cue.music.pieces import Pieces
    from cadence_cue.studio import Performance
    from cadence_cue.transport.following import Ready


class State(StrEnum):
    """What an export is doing, or what became of it."""

    WAITING = "waiting"
    MUSIC = "preparing the music"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class _StoppedError(Exception):
    """The runner has stopped it."""


@dataclass(slots=True, eq=False)
class Export:
    """An export: how far it is, and at its end a summary or an error. Another thread writes it."""

    title: str
    target: Path
    state: State = State.WAITING
    share: float = 0.0
    """How much of its present state is done, from 0 to 1."""
    summary: str = ""
    """Where it is, its length and size, and what was told of its music."""
    error: UserError | None = None
    stopped: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (State.DONE, State.FAILED, State.STOPPED)


class Exports:
    """Every export since the start, the latest last. A thread writes them, one at a time."""

    def __init__(self) -> None:
        self.all: list[Export] = []
        self._writer: ThreadPoolExecutor | None = None
        self._unseen: list[tuple[Export, Future[None]]] = []

    def add(
        self, request: ExportRequest, library: Library, settings: Settings, *, measured: bool
    ) -> Export:
        """Begin an export; if `measured`, its summary has a line with loudness and peak."""
        export = Export(request.session.title, request.target)
        self.all.append(export)
        self._writer = self._writer or ThreadPoolExecutor(1, "export")

        def write() -> None:
            try:
                _write(export, request, library, settings, measured=measured)
            except _StoppedError:
                export.state = State.STOPPED
            except UserError as error:
                export.error, export.state = error, State.FAILED
            except OSError as error:
                export.error, export.state = UserError.of(error), State.FAILED

        self._unseen.append((export, self._writer.submit(write)))
        return export

    @property
    def running(self) -> list[Export]:
        """Those that are not over, the one that is written first."""
        return [export for export in self.all if not export.over]

    @property
    def status(self) -> str:
        """What is being written, and how far it is; "" if nothing is."""
        if not (running := self.running):
            return ""
        first, *others = running
        more = f" and {len(others)} more" if others else ""
        what = "music of " if first.state is State.MUSIC else ""
        return f"exporting {what}{first.title}{more}, {first.share:.0%}"

    def news(self) -> list[Export]:
        """Those that are over and were not returned before. Raises what a defect in them raised."""
        found = [each for each in self._unseen if each[1].done()]
        self._unseen = [each for each in self._unseen if each not in found]
        for _, future in found:
            future.result()
        return [export for export, _ in found]

    def stop(self, export: Export) -> None:
        """Stop an export soon; of an incomplete file nothing is left."""
        export.stopped = True

    def close(self) -> None:
        """Stop all of them, and wait until nothing is left of them."""
        for export in self.running:
            self.stop(export)
        if self._writer:
            self._writer.shutdown()


def _write(
    export: Export, request: ExportRequest, library: Library, settings: Settings, *, measured: bool
) -> None:
    from cadence_cue.app.tracks.export_job import plan_export, report  # noqa: PLC0415 - all formats

    told: list[str] = []

    def progress(share: float) -> None:
        if export.stopped:
            raise _StoppedError
        export.share = share

    def hear(pieces: Pieces) -> list[Song]:
        from cadence_cue.app.music.songs import songs_of  # noqa: PLC0415 - decoders

        export.state = State.MUSIC
        return songs_of(pieces, progress)

    def prepare_music(music: Music, performance: Performance) -> Ready:
        from cadence_cue.app.music.under import music_under  # noqa: PLC0415 - decoders

        export.state = State.MUSIC
        ready_music = music_under(music, performance, progress)
        told.extend(ready_music.told)
        export.share, export.state = 0.0, State.WRITING
        return ready_music

    progress(0.0)
    export.state = State.WRITING
    practices = remembered(user_folder())
    speaking: Callable[[int, int, str], None] = lambda *_: progress(0.0)  # noqa: E731
    job = plan_export(
        request,
        library,
        settings,
        practices=practices,
        speaking=speaking,
        hear=hear,
        prepare_music=prepare_music,
    )
    told.insert(0, job.write(progress))
    exported.keep([(export.target, export.title, job.made)])
    if measured:
        try:
            told.append(report(job))
        except UserError as error:  # the track is there all the same
            told.append(str(error))
    export.summary, export.share, export.state = "\n".join(told), 1.0, State.DONE
