"""The list of the library: every session and drill, filtered by the search."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cadence_cue.app import session_store
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.model import Drill, Library
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError, printable
from cadence_cue.tui.ways_out import worded


class Entry(NamedTuple):
    """A line of the library: a session's file, or a drill."""

    name: str
    title: str
    path: Path = Path()
    drill: Drill | None = None
    error: str = ""

    @property
    def key(self) -> str:
        """The id of its line in the list."""
        return f"{'drill' if self.drill else 'session'}:{self.name}"

    @property
    def is_users(self) -> bool:
        """Whether it is the runner's own session, even if it has the name of a built-in one."""
        return self.drill is None and self.path != built_in_sessions().get(self.name)

    @property
    def words(self) -> str:
        """The words that the search looks through."""
        words = [self.name, self.title]
        if drill := self.drill:
            words += [*drill.trains, *drill.place, *(each.text for each in drill.purpose)]
        return " ".join(words).casefold()


def entries(library: Library, stop: Callable[[], bool] = lambda: False) -> Iterator[Entry]:
    """Yield own sessions, built-in ones (the beginners' one first), then drills in their order.

    No more sessions are read once `stop` returns True.
    """
    yield from sorted(takewhile(lambda _: not stop(), _sessions(library)), key=_rank)
    for drill in sorted(library.drills.values(), key=lambda drill: (drill.order, drill.id)):
        yield Entry(drill.id, drill.name, drill=drill)


def _sessions(library: Library) -> Iterator[Entry]:
    for name, path in session_store.session_files().items():
        try:
            if path == built_in_sessions().get(name):
                yield Entry(name, _built_in_title(path), path)
            else:
                yield Entry(name, load(path, library).title, path)
        except UserError as error:  # a broken file is listed with its error
            yield Entry(name, name, path, error=worded(error))


@cache  # the files of an installation do not change, and the screen waits while they are read
def _built_in_title(path: Path) -> str:
    return load(path, load_library()).title


def _rank(entry: Entry) -> tuple[bool, bool, str]:
    return not entry.is_users, entry.name != "first-perception", entry.name


class Index(OptionList):
    """The list widget; Enter plays the highlighted entry."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "play")]

    def __init__(self) -> None:
        super().__init__(id="list", markup=False, compact=True)
        self._entries: dict[str, Entry] = {}

    def read(self, library: Library, stop: Callable[[], bool]) -> None:
        """Read all files again until `stop` says so, without showing them; `find` does."""
        self._entries = {entry.key: entry for entry in entries(library, stop)}

    def find(
        self, words: str, mastered: Collection[str], broken: Collection[str], select: str = ""
    ) -> None:
        """Show the entries with all these words, and the sentences about `broken` drill files.

        Highlights the entry with the key `select`, else the one that was highlighted, else the
        first.
        """
        before = select or self._key
        self.clear_options()
        heading = ""
        for entry in self._entries.values():
            if not all(word in entry.words for word in words.casefold().split()):
                continue
            group = "DRILLS" if entry.drill else "YOUR SESSIONS" if entry.is_users else "SESSIONS"
            if group != heading:
                heading = group
                self.add_option(Option(group, disabled=True))
            mastered_drill = entry.drill is not None and entry.name in mastered
            mark = "⚠ " if entry.error else "★ " if mastered_drill else "  "
            self.add_option(Option(printable(f"{mark}{entry.title}"), id=entry.key))
        for sentence in broken:
            self.add_option(Option(printable(f"⚠ {sentence}"), disabled=True))
        ids = [option.id for option in self.options]
        first = next((k for k, key in enumerate(ids) if key), None)
        self.highlighted = ids.index(before) if before in ids else first

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries.get(self._key)

    @property
    def _key(self) -> str:
        if self.highlighted is None or not self.option_count:
            return ""
        return self.get_option_at_index(self.highlighted).id or ""
