"""What there is to practise: sessions and drills, with what a runner chooses by.

A file is read again only when it has changed, so that hundreds of sessions can be watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cadence_cue.app.log.history import remembered
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.explaining import explains
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError
from cadence_cue.voice.manifest import ClipSeconds

_NOTHING = ("", "none")  # as needs and equipment are written


@dataclass(frozen=True, slots=True)
class Entry:
    """A session's file, or a drill.

    `session` is what is played, a rehearsal if it is a drill, and `parts` its phases as this runner
    would hear all of them, of `seconds` together; None for a file that cannot be used: `error` says
    why. `needs` is "" if it needs nothing.
    """

    name: str
    title: str
    path: Path = Path()
    drill: Drill | None = None
    error: UserError | None = None
    summary: str = ""
    level: str = ""
    place: tuple[str, ...] = ()
    needs: str = ""
    seconds: float | None = None
    session: Session | None = None
    parts: tuple[Part, ...] = ()

    @property
    def key(self) -> str:
        """Its name among all entries: a session and a drill may be called alike."""
        return f"{'drill' if self.drill else 'session'}:{self.name}"

    @property
    def is_users(self) -> bool:
        """Whether it is the runner's own session, even if it has the name of a built-in one."""
        return self.drill is None and self.path != built_in_sessions().get(self.name)

    @property
    def words(self) -> str:
        """The words that a search looks through."""
        words = [self.name, self.title]
        if drill := self.drill:
            words += [*drill.trains, *drill.place, *(each.text for each in drill.purpose)]
        return " ".join(words).casefold()


class Listing:
    """Reads the entries, and keeps what it read of files that have not changed since."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[object, Entry]] = {}
        self._made_for: object = None

    def entries(
        self, library: Library, settings: Settings, stop: Callable[[], bool] = lambda: False
    ) -> list[Entry]:
        """Own sessions, built-in ones (the beginners' one first), then drills in their order.

        No more files are read once `stop` returns True.
        """
        made_for = (library, settings.cadence, settings.voice, settings.sounds)
        if made_for != self._made_for:
            self._kept, self._made_for = {}, made_for
        files = session_store.session_files()
        sessions = sorted(self._sessions(files, library, settings, stop), key=_rank)
        self._kept = {path: self._kept[path] for path in files.values() if path in self._kept}
        return [*sessions, *(_drill(drill, library, settings) for drill in _in_order(library))]

    def _sessions(
        self,
        files: Mapping[str, Path],
        library: Library,
        settings: Settings,
        stop: Callable[[], bool],
    ) -> Iterator[Entry]:
        for name, path in files.items():
            if stop():
                return
            state = _state(path)
            known = self._kept.get(path)
            if known is None or known[0] != state:
                known = self._kept[path] = state, _session(name, path, library, settings)
            yield known[1]


def stamp() -> object:
    """A value that changes whenever the log or one of the runner's own files does."""
    folders = (user_folder() / "sessions", user_folder() / "drills")
    files = [path for folder in folders for path in sorted(folder.glob("*.toml"))]
    return [(path, _state(path)) for path in (*files, user_folder() / "history.jsonl")]


def parts(session: Session, library: Library, settings: Settings) -> tuple[Part, ...]:
    """The phases of a session as this runner would hear them. Raises UserError."""
    explained = explains(session, None)
    speech: Mapping[str, Fraction] = {}
    if explained:  # how long explanations take depends on who speaks them
        if settings.sounds or any(phase.takes for phase in session.written()):
            return _planned(session, library, settings)
        speech = ClipSeconds(settings.voice)
    cadence_spm = Fraction(str(settings.cadence_spm()))
    return perform(session, library, cadence_spm, 0, explain=explained, speech=speech)


def length(parts: Iterable[Part]) -> Fraction:
    """The length of these phases in seconds."""
    return sum((part.seconds for part in parts), Fraction(0))


def _planned(session: Session, library: Library, settings: Settings) -> tuple[Part, ...]:
    """The phases with the length of the runner's recordings, found by planning all of it."""
    from cadence_cue.app.preparing import prepare  # noqa: PLC0415 - imports what makes sound

    options = PerformanceOptions(speaks=False)
    practices = remembered(user_folder())
    prepared = prepare(session, library, settings, options, live=False, practices=practices)
    return prepared.performance.parts


def _session(name: str, path: Path, library: Library, settings: Settings) -> Entry:
    try:
        session = load(path, library)
        phases = parts(session, library, settings)
    except UserError as error:  # a broken file is listed with its error
        return Entry(name, name, path, error=error)
    return Entry(
        name,
        session.title,
        path,
        summary=session.summary,
        level=session.level,
        place=session.place,
        needs="" if session.needs in _NOTHING else session.needs,
        seconds=float(length(phases)),
        session=session,
        parts=phases,
    )


def _drill(drill: Drill, library: Library, settings: Settings) -> Entry:
    session = rehearse(drill, library)
    phases = parts(session, library, settings)
    return Entry(
        drill.id,
        drill.name,
        drill=drill,
        place=drill.place,
        needs="" if drill.equipment in _NOTHING else drill.equipment,
        seconds=float(length(phases)),
        session=session,
        parts=phases,
    )


def _in_order(library: Library) -> list[Drill]:
    return sorted(library.drills.values(), key=lambda drill: (drill.order, drill.id))


def _rank(entry: Entry) -> tuple[bool, bool, str]:
    return not entry.is_users, entry.name != "first-perception", entry.name


def _state(path: Path) -> tuple[int, int] | None:
    """What changes with a file; None if there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
