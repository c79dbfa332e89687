"""The library screen: the list of sessions and drills, and a page about the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from unicodedata import normalize

from textual import work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from cadence_cue.app import listing, session_store
from cadence_cue.app.filtering import ORDERS, Filter, done
from cadence_cue.app.history import remembered
from cadence_cue.app.listing import Entry, Listing
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import (
    Prepared,
    prepare,
    rehearsal_options,
    waits_for,
    without_waiting,
)
from cadence_cue.app.session_editing import Editing
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.model import Drill
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.rules import condition
from cadence_cue.coaching.session_file import PLACES, load
from cadence_cue.errors import UserError
from cadence_cue.tui import transport_keys
from cadence_cue.tui.editor import EditorScreen
from cadence_cue.tui.index import Index, Shown
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.preview import Preview
from cadence_cue.tui.recordings import RecordingsScreen
from cadence_cue.tui.rehearsing import RehearseScreen
from cadence_cue.tui.short import Short
from cadence_cue.tui.speaking import Cancelled, speaking
from cadence_cue.tui.ways_out import worded

_SETTLED = 0.1  # seconds on an entry before it is planned, to skip those scrolled past
_FILES = 1.0  # seconds between two checks of the runner's files
_SHORT_MINUTES = 15


class LibraryScreen(Page):
    """The list on the left, the page of the chosen entry on the right; if narrow, one of them."""

    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (72, "")]  # noqa: RUF012 (Textual's way)

    BINDINGS: ClassVar[list[BindingType]] = [
        *transport_keys.bindings(("play.louder", "play.softer", "play.voice")),
        Binding("slash", "search", "search", key_display="/", id="library.search"),
        Binding("r", "rehearse", "rehearse", id="library.rehearse",
                tooltip="rehearse a single drill: sets, side, tempo"),
        Binding("R", "recordings", show=False, tooltip="your own recordings of a session",
                id="library.recordings"),
        Binding("p", "perfect", show=False, id="library.perfect",
                tooltip="mark a drill as mastered, or not"),
        Binding("o", "sort", "order", tooltip="sort by the next column", id="library.sort"),
        Binding("w", "place", "where", tooltip="only what can be done here: home, wall, ...",
                id="library.place"),
        Binding("t", "short", "≤ 15 min", tooltip="only what takes at most 15 minutes",
                id="library.short"),
        Binding("N", "nothing", "needs nothing", show=False, tooltip="only what needs nothing",
                id="library.nothing"),
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
        Binding("escape", "leave_search", show=False, tooltip="list everything again"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Library")
        self.chosen: Prepared | None = None
        """The planned session that Enter plays; None before it is planned, or if it cannot be."""
        self.settled = False
        """Whether the page shows the chosen entry."""
        self.listed = False
        """Whether the files have been read."""
        self._shown = Shown()
        self._listing = Listing()
        self._files = Lock()
        self._reading = 0  # how often the files are being read, or waiting for it
        self._stamp: object = None
        self._about: Entry | None = None  # the one that the page is about
        self._planned_for: Settings | None = None
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
                yield Short(id="filter")
                yield Static(id="columns", markup=False)
                yield Index()
            yield Preview()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Fill the list, and start watching the runner's files."""
        self.query_one("#search").display = False
        self.reload()
        self._list()
        self.query_one(Index).focus()
        self.set_interval(_FILES, self._check_files)
        self.follow()

    def on_screen_resume(self) -> None:
        """Plan the page again if the cadence, the mastered drills or whatever else has changed."""
        if self.listed:
            self._check_files()
            if self._planned_for != self.cadence_app.settings:
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
        self.write("#time", self.now)
        self.write_banner()

    # The list.

    def reload(self, select: str = "") -> None:
        """Read what has changed, and highlight the entry with the key `select`, if given."""
        self._reading += 1
        self._read(select)

    def _check_files(self) -> None:
        if not self._reading:
            self._reading += 1
            self._read()

    @work(thread=True, group="files")
    def _read(self, select: str = "") -> None:
        """Read the files that have changed, in a thread; nothing happens if none has."""
        cadence_app, worker = self.cadence_app, get_current_worker()

        def stop() -> bool:
            return worker.is_cancelled or cadence_app.leaving

        found = None
        with self._files:  # one after the other
            settings = cadence_app.settings
            stamp = listing.stamp(), settings
            if stamp != self._stamp or select:
                cadence_app.read_library()
                library, practices = cadence_app.library, remembered(user_folder())
                entries = self._listing.entries(library, settings, stop)
                found = replace(
                    self._shown,
                    entries=entries,
                    done=done(entries, practices),
                    broken=cadence_app.broken_drills,
                )
                self._stamp = stamp
        if not stop():
            cadence_app.call_from_thread(self._have_read, found, select)

    def _have_read(self, found: Shown | None, select: str) -> None:
        self._reading -= 1
        self.listed = True
        if found:
            self._shown = replace(found, chosen=self._shown.chosen, order=self._shown.order)
            self._list(select)

    def _list(self, select: str = "") -> None:
        """Show the entries that the filter lets through, and the page of the chosen one."""
        self._shown = replace(self._shown, mastered=self.cadence_app.settings.mastered)
        index = self.query_one(Index)
        index.show(self._shown, select)
        self._show_headings()
        self._choose()

    def _show_headings(self) -> None:
        self.query_one("#columns", Static).update(self.query_one(Index).heading)
        chosen, line = self._shown.chosen, self.query_one("#filter", Short)
        words = [
            chosen.place,
            f"≤ {_SHORT_MINUTES} min" if chosen.longest else "",
            "needs nothing" if chosen.needs_nothing else "",
            f"by {self._shown.order}" if self._shown.order else "",
        ]
        filtered = " · ".join(filter(None, words))
        line.display = bool(filtered)
        hint = "   Esc: all"
        line.update(filtered + hint * (len(filtered + hint) <= self.query_one("#index").size.width))

    def _filter(self, **changes: Any) -> None:  # noqa: ANN401 - of every kind
        """Show what fits the filter with these changes."""
        self._shown = replace(self._shown, chosen=replace(self._shown.chosen, **changes))
        self._list()

    @property
    def entries(self) -> Sequence[Entry]:
        """All sessions and drills, whatever the filter."""
        return self._shown.entries

    def choose(self, key: str) -> None:
        """Show the entry with this key, whatever the filter."""
        if self._shown.chosen != Filter():
            self._leave_search()
        self._list(key)

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

    def _choose(self) -> None:
        entry = self.selected
        self._play_when_planned &= entry == self._about
        self._about, self._planned_for = entry, self.cadence_app.settings
        self.chosen = None
        self.settled = False
        if self._settling:
            self._settling.stop()
        if not self.listed:
            self.query_one(Preview).show("", ["Reading the sessions ..."])
        elif entry is None:
            self._show("", ["Nothing matches. Esc shows all."])
        elif entry.error:
            self._show(entry.title, ["This file cannot be used.", "", worded(entry.error), "",
                                     "E opens it in your editor."])  # fmt: skip
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
                progress=speaking(self, worker, partial(self._speaking, entry)),
            )
        except Cancelled:
            return
        except UserError as error:
            if not worker.is_cancelled:
                self.from_thread(self._refused, entry, worded(error))
            return
        if not worker.is_cancelled:
            self.from_thread(self._planned, entry, prepared)

    def _speaking(self, entry: Entry, told: str) -> None:
        """Show the progress of the speech synthesis that planning needs."""
        if entry == self.selected:
            self.query_one(Preview).show(entry.title, [told])

    def _refused(self, entry: Entry, reason: str) -> None:
        if entry == self.selected:
            self._show(entry.title, [reason])

    def _planned(self, entry: Entry, prepared: Prepared) -> None:
        if entry != self.selected:
            return
        self.chosen = prepared
        self.settled = True
        self._show_page(entry, prepared)
        play, self._play_when_planned = self._play_when_planned, False
        if play and self.in_front:
            self.action_play()

    def _show_page(self, entry: Entry, prepared: Prepared) -> None:
        self.query_one(Preview).show_prepared(prepared, entry.drill)

    def on_resize(self) -> None:
        """Wrap the lines again, and show the headings of the columns that fit now."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._show_headings()
        if self.chosen and (entry := self.selected):
            self._show_page(entry, self.chosen)

    def _show(self, title: str, lines: list[str]) -> None:
        """Show what there is to say of an entry that cannot be planned."""
        self.settled = True
        self.query_one(Preview).show(title, lines)

    # Keys.

    def action_play(self) -> None:
        """Play the chosen entry, once it is planned."""
        entry = self.selected
        if entry is None or entry.error or not self.in_front:
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

    def action_recordings(self) -> None:
        """Show which lines of the chosen session the runner has recorded."""
        entry = self.selected
        if entry is None or entry.drill or entry.error:
            self.notify("Choose a session, then R.")
            return
        try:
            session = load(entry.path, self.cadence_app.library)
        except UserError as error:  # it was changed a moment ago
            self.notify(worded(error), severity="warning")
        else:
            self.app.push_screen(RecordingsScreen(session))

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

    def action_place(self) -> None:
        """List what can be done in the next place only, after the last one everything."""
        places = ("", *PLACES)
        now = places.index(self._shown.chosen.place)
        self._filter(place=places[(now + 1) % len(places)])

    def action_short(self) -> None:
        """List only what is short, or everything."""
        self._filter(longest=None if self._shown.chosen.longest else Fraction(60 * _SHORT_MINUTES))

    def action_nothing(self) -> None:
        """List only what needs nothing, or everything."""
        self._filter(needs_nothing=not self._shown.chosen.needs_nothing)

    def action_sort(self) -> None:
        """Sort by the next column, after the last one as usual."""
        orders = (None, *ORDERS)
        now = orders.index(self._shown.order)
        self._shown = replace(self._shown, order=orders[(now + 1) % len(orders)])
        self._list()

    def action_search(self) -> None:
        """Open the search."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as the runner types."""
        self._filter(words=event.value)

    def on_input_submitted(self) -> None:
        """Go to the results."""
        self.query_one(Index).focus()

    def action_leave_search(self) -> None:
        """Show everything again, or the list; if both are shown, leave the key to the app."""
        if self.has_class("-reading"):
            self.key_left()
        elif self.query_one("#search").display or self._shown.chosen != Filter():
            self._leave_search()
        else:
            raise SkipAction

    def _leave_search(self) -> None:
        search = self.query_one("#search", Input)
        with search.prevent(Input.Changed):
            search.value = ""
        search.display = False
        self._shown = replace(self._shown, chosen=Filter())
        self._list()
        self.query_one(Index).focus()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys of what plays while nothing does."""
        return action not in ("do", "pause") or self.cadence_app.transport is not None

    def action_do(self, name: str) -> None:
        """Do an action of the table to what plays."""
        transport_keys.do(self.cadence_app, name)

    def action_pause(self) -> None:
        """Pause or resume what plays."""
        transport_keys.do(self.cadence_app, "play.pause")

    def action_read(self) -> None:
        """Focus the page, to scroll it; on a narrow screen it stands in the list's place."""
        self.add_class("-reading")
        self.query_one(Preview).focus()

    def key_left(self) -> None:
        """Go back to the list."""
        self.remove_class("-reading")
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


def _whether_mastered(drill: Drill, before: Drill) -> Confirm:
    """The question whether a locked drill may be done, `before` being its prerequisite."""
    question = f"{condition(drill, before)}\nYou have it when: {before.mastery}\nHave you?"
    return Confirm(question, yes="yes, I have", no="not yet")
