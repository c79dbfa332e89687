"""The library's list: every session and drill, in order, as a search finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cadence_cue.app import session_store
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.errors import printable
from cadence_cue.coaching.model import Drill, Library
from cadence_cue.coaching.session_file import load


class Entry(NamedTuple):
    """A line of the library: a session's file, or a drill."""

    name: str
    title: str
    path: Path = Path()
    drill: Drill | None = None
    error: str = ""

    @property
    def key(self) -> str:
        """What the list knows it by."""
        return f"{'drill' if self.drill else 'session'}:{self.name}"

    @property
    def is_users(self) -> bool:
        """Whether it is the runner's own session; its file may have a built-in one's name."""
        return self.drill is None and self.path != built_in_sessions().get(self.name)

    @property
    def words(self) -> str:
        """The words by which it is found."""
        words = [self.name, self.title]
        if drill := self.drill:
            words += [*drill.trains, *drill.place, *(each.text for each in drill.purpose)]
        return " ".join(words).casefold()


def entries(library: Library) -> Iterator[Entry]:
    """Own sessions, built-in ones (the first of all first), then drills in their order."""
    yield from sorted(_sessions(library), key=_rank)
    for drill in sorted(library.drills.values(), key=lambda drill: (drill.order, drill.id)):
        yield Entry(drill.id, drill.name, drill=drill)


def _sessions(library: Library) -> Iterator[Entry]:
    for name, path in session_store.session_files().items():
        try:
            yield Entry(name, load(path, library).title, path)
        except ValueError as error:  # a broken file is listed with its error
            yield Entry(name, name, path, error=str(error))


def _rank(entry: Entry) -> tuple[bool, bool, str]:
    return not entry.is_users, entry.name != "first-perception", entry.name


class Index(OptionList):
    """The list, whose Enter plays."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "play")]

    def __init__(self) -> None:
        super().__init__(id="list", markup=False, compact=True)
        self._entries: dict[str, Entry] = {}

    def read(self, library: Library) -> None:
        """Read all files anew; `find` shows them."""
        self._entries = {entry.key: entry for entry in entries(library)}

    def find(
        self, words: str, mastered: Collection[str], broken: Collection[str], select: str = ""
    ) -> None:
        """Show what has all these words, and what is wrong with drills' files.

        The entry with the key `select` is highlighted, else the one that was, else the first.
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
