"""The library screen: the list of sessions and drills, and a page about the chosen one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar
from unicodedata import normalize

from textual import work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from cadence_cue.app import session_store
from cadence_cue.app.history import remembered
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import (
    Prepared,
    prepare,
    rehearsal_options,
    waits_for,
    without_waiting,
)
from cadence_cue.app.session_editing import Editing
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching import pages
from cadence_cue.coaching.model import Drill
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.rules import FIRST_DRILL, condition
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError, printable
from cadence_cue.tui import detail
from cadence_cue.tui.editor import EditorScreen
from cadence_cue.tui.index import Entry, Index
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES, Cancelled, Page
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.rehearsing import RehearseScreen
from cadence_cue.tui.session_bar import Piece, SessionBar
from cadence_cue.tui.short import Short
from cadence_cue.tui.ways_out import worded

_SETTLED = 0.1  # seconds on an entry before it is planned, to skip those scrolled past
_FILES = 1.0  # seconds between two checks of the runner's files


class LibraryScreen(Page):
    """The list on the left, the page of the chosen entry on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", key_display="/", id="library.search"),
        Binding("r", "rehearse", "rehearse", id="library.rehearse",
                tooltip="rehearse a single drill: sets, side, tempo"),
        Binding("p", "perfect", show=False, id="library.perfect",
                tooltip="mark a drill as mastered, or not"),
        Binding("b", "app.open('BeatScreen')", "beat", id="app.beat"),
        Binding("s", "app.open('SettingsScreen')", "settings", id="app.settings"),
        Binding("x", "app.export", "export", id="app.export"),
        Binding("n", "new", show=False, tooltip="a new session of your own", id="library.new"),
        Binding("d", "copy", show=False, tooltip="a copy of a session for you to change",
                id="library.copy"),
        Binding("e", "edit", show=False, tooltip="change a session, or a copy of it",
                id="library.edit"),
        Binding("E", "external", show=False, tooltip="change its file in $EDITOR",
                id="library.external"),
        Binding("space", "pause", show=False, tooltip="pause what plays; go on",
                id="library.pause"),
        Binding("right", "read", show=False, tooltip="to the page; left: back",
                id="library.read"),
        Binding("escape", "leave_search", show=False),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Library")
        self.chosen: Prepared | None = None
        """The planned session that Enter plays; None before it is planned, or if it cannot be."""
        self.settled = False
        """Whether the page shows the chosen entry."""
        self._stamp: object = None
        self._play_when_planned = False  # Enter was pressed before it was planned
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """Search, list and page."""
        with Horizontal(id="top"):
            yield Static("cadence-cue", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        yield Short(id="banner", whole=MESSAGES)
        with Horizontal(id="library"):
            with Vertical(id="index"):
                yield Input(placeholder="search", id="search", compact=True)
                yield Index()
            with VerticalScroll(id="page"):
                yield Static(id="heading", markup=False)
                yield SessionBar(id="bar")
                yield Static(id="lines", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Fill the list, and start watching the runner's files."""
        self.query_one("#search").display = False
        self.query_one(SessionBar).at = -1.0
        self.reload()
        self.query_one(Index).focus()
        self.set_interval(_FILES, self._check_files)
        self.follow()

    def on_screen_resume(self) -> None:
        """Plan the page again: the cadence or the mastered drills may have changed."""
        self._choose()

    @property
    def exportable(self) -> Prepared | None:
        """The chosen session; None for a drill that waits for another, as it is not played."""
        entry, settings = self.selected, self.cadence_app.settings
        if entry and entry.drill and waits_for(entry.drill, self.cadence_app.library, settings):
            return None
        return self.chosen

    def follow(self) -> None:
        """Show what plays, or a message, at the top."""
        transport = self.cadence_app.transport
        playing = ""
        if transport:
            state = "Ⅱ" if transport.paused else "▶"
            playing = f"{state} {transport.performance.session.title} {transport.time}  (l)"
        self.write("#time", self.cadence_app.message or playing)
        self.write_banner()

    # The list.

    def reload(self, select: str = "") -> None:
        """Read all files again, and highlight the entry with the key `select`, if given."""
        self.cadence_app.read_library()
        self._stamp = _stamp()
        self.query_one(Index).read(self.cadence_app.library, lambda: self.cadence_app.leaving)
        self._list(select)

    def _list(self, select: str = "") -> None:
        """Show the entries that the search finds."""
        words = self.query_one("#search", Input).value
        self.chosen, self.settled = None, False  # until the list reports the highlighted entry
        index = self.query_one(Index)
        index.find(
            words, self.cadence_app.settings.mastered, self.cadence_app.broken_drills, select
        )
        if index.highlighted is None:  # then the list sends no message
            self._choose()

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor; None once the app ends, while a plan may still be made."""
        return self.query_one(Index).selected if self.is_running else None

    def on_option_list_option_highlighted(self) -> None:
        """Show the page of the highlighted entry."""
        self._choose()

    def on_option_list_option_selected(self) -> None:
        """Play the entry chosen with Enter or the mouse."""
        self.action_play()

    # The page.

    @property
    def _columns(self) -> int:
        return max(self.query_one("#page").size.width - 4, 30)

    def _choose(self) -> None:
        entry = self.selected
        self.chosen = None
        self.settled = False
        self._play_when_planned = False
        if self._settling:
            self._settling.stop()
        if entry is None:
            self._show("", ["Nothing matches. Esc ends the search."], None)
        elif entry.error:
            self._show(entry.title, ["This file cannot be used.", "", entry.error, "",
                                     "E opens it in your editor."], None)  # fmt: skip
        else:
            self._settling = self.set_timer(_SETTLED, partial(self._plan, entry))

    @work(thread=True, exclusive=True, group="plan")
    def _plan(self, entry: Entry) -> None:
        """Plan the chosen entry in a thread."""
        worker = get_current_worker()
        # Together, before anything is planned: another thread may replace them.
        settings, library = self.cadence_app.settings, self.cadence_app.library
        rate = self.cadence_app.rate
        if worker.is_cancelled:
            return

        def progress(done: int, total: int, text: str) -> None:
            if worker.is_cancelled:
                raise Cancelled
            lines = [f"Speaking {done + 1} of {total}, once: {text}"]
            self.app.call_from_thread(self._speaking, entry, lines)

        try:
            if entry.drill:
                session = rehearse(entry.drill, library)
                options = rehearsal_options(entry.drill, settings)
            else:
                session = load(entry.path, library)
                options = without_waiting(session, library, settings, PerformanceOptions())
            prepared = prepare(
                session,
                library,
                settings,
                options,
                live=True,
                rate=rate,
                practices=remembered(user_folder()),
                progress=progress,
            )
        except Cancelled:
            return
        except UserError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._refused, entry, worded(error))
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._planned, entry, prepared)

    def _speaking(self, entry: Entry, lines: list[str]) -> None:
        """Show the progress of the speech synthesis that planning needs."""
        if entry == self.selected:
            self.write("#heading", printable(entry.title))
            self.write("#lines", printable_lines(lines))

    def _refused(self, entry: Entry, reason: str) -> None:
        if entry == self.selected:
            self._show(entry.title, [reason], None)

    def _planned(self, entry: Entry, prepared: Prepared) -> None:
        if entry != self.selected:
            return
        self.chosen = prepared
        self._show_page(entry, prepared)
        if self._play_when_planned and self.is_current:
            self.action_play()

    def _show_page(self, entry: Entry, prepared: Prepared) -> None:
        if entry.drill:
            self._show(entry.title, self._of_drill(entry.drill), prepared)
        else:
            lines = detail.page(prepared, self.cadence_app.settings.mastered, self._columns)
            self._show(prepared.session.title, lines, prepared)

    def on_resize(self) -> None:
        """Wrap the lines again."""
        if self.chosen and (entry := self.selected):
            self.call_after_refresh(self._show_page, entry, self.chosen)

    def _of_drill(self, drill: Drill) -> list[str]:
        settings, library = self.cadence_app.settings, self.cadence_app.library
        lines = pages.drill(drill, library, self._columns)[1:]
        state = []
        if drill.id in settings.mastered:
            state.append("★ You have mastered it. p takes that back.")
        if drill.after and drill.after not in settings.mastered:
            before = library.drills[drill.after].name
            state.append(f"⚠ The article wants {before} mastered first: p there, once you have.")
        if drill.id != FIRST_DRILL:
            first = library.drills[FIRST_DRILL].name
            state.append(f"The article begins every practice with {first}.")
        return [*state, *lines]

    def _show(self, title: str, lines: list[str], prepared: Prepared | None) -> None:
        self.settled = True
        self.write("#heading", printable(title))
        self.write("#lines", printable_lines(lines))
        bar = self.query_one(SessionBar)
        bar.display = prepared is not None
        if prepared:
            bar.show([Piece(*each) for each in detail.pieces(prepared)])
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    # Keys.

    def action_play(self) -> None:
        """Play the chosen entry, once it is planned."""
        entry = self.selected
        if entry is None or entry.error or not self.is_current:
            return
        if self.chosen is None:
            self._play_when_planned = True
            return
        if self.chosen.left_out:
            self._play_if_unlocked(self.chosen)
        elif not self._locked(entry):
            self.cadence_app.play(self.chosen)

    @work
    async def _play_if_unlocked(self, prepared: Prepared) -> None:
        """Ask about each locked drill of a session, and play it with those that are unlocked."""
        drills, left_out = prepared.library.drills, []
        for drill in prepared.left_out:
            before = drills[drill.after or ""]
            if before.id in self.cadence_app.settings.mastered:
                continue  # asked about for an earlier drill
            if await self.app.push_screen_wait(_whether_mastered(drill, before)):
                self._mark_mastered(before.id, yes=True)
            else:
                left_out.append(drill.id)
        if len(left_out) < len(prepared.left_out):
            options = replace(prepared.options, left_out=tuple(left_out))
            try:
                prepared = self.cadence_app.prepare(prepared.session, options)
            except UserError as error:  # such as a recording that is no longer there
                self.notify(worded(error), severity="warning", markup=False)
                return
        self.cadence_app.play(prepared)

    def _locked(self, entry: Entry) -> bool:
        """Whether a drill must wait for another; if so, ask whether that is mastered."""
        drill, settings = entry.drill, self.cadence_app.settings
        before = waits_for(drill, self.cadence_app.library, settings) if drill else None
        if drill is None or before is None:
            return False
        self.app.push_screen(
            _whether_mastered(drill, before), partial(self._mark_mastered, before.id)
        )
        return True

    def action_rehearse(self) -> None:
        """Open the dialog that rehearses a drill."""
        entry = self.selected
        if entry is None or entry.drill is None:
            self.notify("Choose one of the drills, further down; then r.")
        elif not self._locked(entry):
            self.app.push_screen(RehearseScreen(entry.drill))

    def action_perfect(self) -> None:
        """Mark a drill as mastered, after asking what the article asks."""
        entry = self.selected
        drill = entry.drill if entry else None
        if drill is None:
            self.notify("Choose one of the drills, further down; then p.")
            return
        if drill.id in self.cadence_app.settings.mastered:
            self._mark_mastered(drill.id, None)
            return
        question = f"{drill.name}: you have it when: {drill.mastery}\nHave you?"
        self.app.push_screen(Confirm(question, yes="yes, I have", no="not yet"),
                             partial(self._mark_mastered, drill.id))  # fmt: skip

    def _mark_mastered(self, drill: str, yes: bool | None) -> None:
        """Save the answer; None takes the mark back."""
        if yes is not False:
            self.cadence_app.mark_mastered(drill, mastered=bool(yes))
            self._list()
            self._choose()

    def action_search(self) -> None:
        """Open the search."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def on_input_changed(self) -> None:
        """Search as the runner types."""
        self._list()

    def on_input_submitted(self) -> None:
        """Go to the results."""
        self.query_one(Index).focus()

    def action_leave_search(self) -> None:
        """Close the search; if there is none, leave the key to the app."""
        if not self.query_one("#search").display:
            raise SkipAction
        self._leave_search()

    def _leave_search(self) -> None:
        search = self.query_one("#search", Input)
        search.value = ""
        search.display = False
        self.query_one(Index).focus()

    def action_pause(self) -> None:
        """Pause or resume what plays."""
        if transport := self.cadence_app.transport:
            self.cadence_app.show_messages(transport.pause_or_go_on())

    def action_read(self) -> None:
        """Focus the page, to scroll it."""
        self.query_one("#page").focus()

    def key_left(self) -> None:
        """Go back to the list."""
        self.query_one(Index).focus()

    def action_new(self) -> None:
        """Create a session from the template."""
        self.app.push_screen(Ask("Name or title of your session"),
                             partial(self._create, None))  # fmt: skip

    def action_copy(self) -> None:
        """Create a copy of the chosen session."""
        entry = self.selected
        if entry is None or entry.drill:
            self.notify("Choose a session, then d.")
            return
        if entry.error:
            self.notify("This file cannot be used; E opens it in your editor.")
            return
        question = Ask(f"Name for the copy of {entry.title}", f"my-{entry.name}")
        self.app.push_screen(question, partial(self._create, entry.path))

    def _create(self, model: Path | None, name: str | None) -> None:
        if not name:
            return
        try:
            path = session_store.create(name, self.cadence_app.library, model)
        except (OSError, UserError) as error:  # refused, or the model can no longer be read
            self.notify(str(error), severity="warning", markup=False)
            return
        self._leave_search()
        self._saved(path)
        self._edit(path)

    def _saved(self, path: Path) -> None:
        """Show a session that has been written."""
        self.reload(f"session:{normalize('NFC', path.stem)}")

    def action_edit(self) -> None:
        """Open the editor; a built-in session is edited as a copy."""
        entry = self.selected
        if entry is None or entry.drill:
            self.notify("A drill of the library has no file of yours; copy a session with d.")
        else:
            self._edit(entry.path, owned=entry.is_users)

    def _edit(self, path: Path, *, owned: bool = True) -> None:
        try:
            editing = Editing(path, owned=owned)
        except UserError as error:  # such as a text that is not TOML
            self.notify(f"{error}. E opens it in your editor.", severity="warning", markup=False)
        else:
            self.app.push_screen(EditorScreen(editing, self._saved))

    def action_external(self) -> None:
        """Open the file in the runner's editor; what plays continues."""
        entry = self.selected
        if entry is None or entry.drill:
            self.notify("A drill of the library has no file of yours; copy a session with d.")
            return
        if not entry.is_users:
            self.notify("This one is built in. d makes a copy that is yours.")
            return
        self.edit_outside(entry.path)
        self.reload()

    def _check_files(self) -> None:
        if self._stamp != _stamp():
            self.reload()


def _whether_mastered(drill: Drill, before: Drill) -> Confirm:
    """The question whether a locked drill may be done, `before` being its prerequisite."""
    question = f"{condition(drill, before)}\nYou have it when: {before.mastery}\nHave you?"
    return Confirm(question, yes="yes, I have", no="not yet")


def printable_lines(lines: list[str]) -> str:
    """Join lines to one text, without control characters that a terminal would obey."""
    return "\n".join(printable(line) for line in lines)


def _stamp() -> object:
    """A value that changes whenever one of the runner's files does."""
    found = []
    for folder in ("sessions", "drills"):
        for path in sorted((user_folder() / folder).glob("*.toml")):
            try:
                state = path.stat()
            except OSError:
                continue
            found.append((path, state.st_mtime_ns, state.st_size))
    return found
