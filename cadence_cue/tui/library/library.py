"""The library screen: the list of sessions and drills, and a page about the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from unicodedata import normalize

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from cadence_cue.app.sessions.listing import Entry
from cadence_cue.tui import transport_keys
from cadence_cue.tui.after.mastering import Mastering
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.library.files import Files, Found
from cadence_cue.tui.library.finding import Finder
from cadence_cue.tui.library.index import Index
from cadence_cue.tui.library.own_sessions import OwnSessions
from cadence_cue.tui.library.preview import Preview
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.short import Short

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared

_FILES = 1.0  # seconds between two checks of the runner's files


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
        Binding("w", "place", "where", tooltip="only what can be done here: home, wall, …",
                id="library.place"),
        Binding("t", "short", "≤ 15 min", tooltip="only what takes at most 15 minutes",
                id="library.short"),
        Binding("N", "nothing", "needs nothing", show=False, tooltip="only what needs nothing",
                id="library.nothing"),
        Binding("b", "app.open('BeatScreen')", "beat", id="app.beat"),
        Binding("s", "app.open('SettingsScreen')", "settings", id="app.settings"),
        Binding("x", "app.export", "export", id="app.export"),
        Binding("l", "app.library", "player", tooltip="to what plays", id="app.library"),
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
        self.listed = False
        """Whether the files have been read."""
        self._play_when_planned = False  # Enter was pressed before it was planned
        self._finder = Finder(self._choose)
        self._preview = Preview(self, self._planned)
        self._mastering = Mastering(self, self._list)
        self._own = OwnSessions(self, self._created, self._saved)
        self.files = Files(self, self._have_read)

    def compose(self) -> ComposeResult:
        """Search, list and page."""
        with Horizontal(id="top"):
            yield Static("cadence-cue", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        yield Short(id="banner", whole=MESSAGES)
        with Horizontal(id="library"):
            yield self._finder
            yield self._preview
        yield KeyFooter()

    def on_mount(self) -> None:
        """Fill the list, and start watching the runner's files."""
        self.reload()
        self._list()
        self.query_one(Index).focus()
        self.set_interval(_FILES, self.files.check)
        self.follow()

    def on_screen_resume(self) -> None:
        """Plan the page again if the cadence, the mastered drills or whatever else has changed."""
        if self.listed:
            self.files.check()
            if self._preview.settings != self.cadence_app.settings:
                self._choose()

    @property
    def chosen(self) -> Prepared | None:
        """The planned session that Enter plays; None before it is planned, or if it cannot be."""
        return self._preview.prepared

    @property
    def settled(self) -> bool:
        """Whether the page shows the chosen entry."""
        return self._preview.settled

    @property
    def exportable(self) -> Prepared | None:
        """The chosen session; None for a drill that waits for another, as it is not played."""
        from cadence_cue.app.preparing import waits_for

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
        self.files.read(select)

    def _have_read(self, found: Found | None, select: str) -> None:
        first, self.listed = not self.listed, True
        if found:
            self._finder.shown = replace(self._finder.shown, **found._asdict())
            self._list(select)
        if first and self.in_front:
            self._own.offer_lost()

    def _list(self, select: str = "") -> None:
        """Show the list as it is now, and the page of the chosen entry."""
        self._finder.show(select)

    @property
    def entries(self) -> Sequence[Entry]:
        """All sessions and drills, whatever the filter."""
        return self._finder.shown.entries

    def choose(self, key: str) -> None:
        """Show the entry with this key, whatever the filter."""
        if self._finder.is_filtered:
            self._finder.close()
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
        """Show the page of the highlighted entry."""
        self._play_when_planned &= self.selected == self._preview.entry
        self._preview.choose(self.selected, listed=self.listed)

    def _planned(self) -> None:
        """Play it, if that was asked for before it was planned."""
        play, self._play_when_planned = self._play_when_planned, False
        if play and self.in_front:
            self.action_play()

    def on_resize(self) -> None:
        """Show the headings of the columns that fit now."""
        self.call_after_refresh(self._finder.show_headings)

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
            self.run_worker(self._mastering.play(self.chosen))
        elif not self._mastering.locks(entry):
            self.cadence_app.play(self.chosen)

    def action_rehearse(self) -> None:
        """Open the dialog that rehearses a drill."""
        entry = self.selected
        if entry is None or entry.drill is None:
            self.notify("Choose one of the drills, further down; then r.")
        elif not self._mastering.locks(entry):
            from cadence_cue.tui.playing.rehearsing import RehearseScreen

            self.app.push_screen(RehearseScreen(entry.drill))

    def action_recordings(self) -> None:
        """Show which lines of the chosen session the runner has recorded."""
        self._own.recordings(self.selected)

    def action_perfect(self) -> None:
        """Mark a drill as mastered, after asking what the article asks."""
        entry = self.selected
        drill = entry.drill if entry else None
        if drill is None:
            self.notify("Choose one of the drills, further down; then p.")
            return
        self._mastering.change(drill)

    def action_place(self) -> None:
        """List what can be done in the next place only, after the last one everything."""
        self._finder.next_place()

    def action_short(self) -> None:
        """List only what is short, or everything."""
        self._finder.short()

    def action_nothing(self) -> None:
        """List only what needs nothing, or everything."""
        self._finder.nothing()

    def action_sort(self) -> None:
        """Sort by the next column, after the last one as usual."""
        self._finder.next_order()

    def action_search(self) -> None:
        """Open the search."""
        self._finder.search()

    def action_leave_search(self) -> None:
        """Show the list again, or in that everything."""
        if self.has_class("-reading"):
            self.key_left()
        else:
            self._finder.close()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys of what plays while nothing does, and Esc where there is no way back."""
        if action == "leave_search":
            return self.has_class("-reading") or self._finder.is_open
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
        self._preview.focus()

    def key_left(self) -> None:
        """Go back to the list."""
        self.remove_class("-reading")
        self.query_one(Index).focus()

    def action_new(self) -> None:
        """Create a session from the template."""
        self._own.new()

    def action_copy(self) -> None:
        """Create a copy of the chosen session."""
        self._own.copy(self.selected)

    def _created(self, path: Path) -> None:
        """Show a session that has just been made, whatever the filter."""
        self._finder.close()
        self._saved(path)

    def _saved(self, path: Path) -> None:
        """Show a session that has been written."""
        self.reload(f"session:{normalize('NFC', path.stem)}")

    def action_edit(self) -> None:
        """Open the editor; a built-in session is edited as a copy."""
        self._own.edit(self.selected)

    def action_external(self) -> None:
        """Open the file in the runner's editor; what plays continues."""
        if self._own.edit_outside(self.selected):
            self.reload()
