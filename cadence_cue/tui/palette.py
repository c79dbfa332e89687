"""The commands of the palette: sessions, drills, settings, and what the keys do here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar, NamedTuple, cast

from textual.binding import ActiveBinding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from cadence_cue.coaching.pages import clock
from cadence_cue.errors import printable
from cadence_cue.tui.host import Host
from cadence_cue.tui.keymap import words_of
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.preferences import NAMES, SettingsScreen

_HIDDEN = ("app.palette", "app.back")


class _Command(NamedTuple):
    """Something to choose: its words, what it is, and what choosing it does."""

    words: str
    help: str
    act: Callable[[], Any]


def palette(screen: Screen[Any]) -> CommandPalette:
    """The palette of a screen in front."""

    class Here(_Commands):
        keys = tuple(screen.active_bindings.values())  # behind the palette, none of them works

    return CommandPalette([Here], placeholder="sessions, drills, settings, keys")


class _Commands(Provider):
    """Finds all of them."""

    keys: ClassVar[tuple[ActiveBinding, ...]]

    async def discover(self) -> Hits:
        """List everything, what the keys do first."""
        for each in self._all():
            yield DiscoveryHit(each.words, each.act, help=each.help)

    async def search(self, query: str) -> Hits:
        """List what fits the typed words, the best first."""
        matcher = self.matcher(query)
        for each in self._all():
            if (score := max(map(matcher.match, (each.words, each.help)))) > 0:
                yield Hit(score, matcher.highlight(each.words), each.act, help=each.help)

    def _all(self) -> Iterator[_Command]:
        yield from self._actions()
        host = cast("Host", self.app)
        library = next(s for s in host.screen_stack if isinstance(s, LibraryScreen))
        for entry in library.entries:
            kind = "drill" if entry.drill else "session"
            length = "" if entry.seconds is None else f", {clock(entry.seconds)}"
            act = partial(_to_entry, host, library, entry.key)
            yield _Command(printable(entry.title), f"{kind}{length}: show it", act)
        for key, name in NAMES.items():
            yield _Command(f"Setting: {name}", f"{key}: change it", partial(_to_setting, host, key))

    def _actions(self) -> Iterator[_Command]:
        seen: set[str] = set()
        for node, binding, enabled, _ in self.keys:
            words = words_of(binding)
            if enabled and binding.id and words and binding.id not in (*seen, *_HIDDEN):
                seen.add(binding.id)
                key = self.app.get_key_display(binding)
                act = partial(self.app.run_action, binding.action, default_namespace=node)
                name = binding.id.partition(".")[2] if binding.group else ""
                short = binding.description
                named = words if name or short in words else f"{short}: {words}"
                yield _Command(named + f" ({name})" * bool(name), f"key {key}", act)


def _to_entry(host: Host, library: LibraryScreen, key: str) -> None:
    while host.screen is not library:
        host.pop_screen()
    library.choose(key)


def _to_setting(host: Host, key: str) -> None:
    if not isinstance(host.screen, SettingsScreen):
        host.push_screen(SettingsScreen(key))
    else:
        host.screen.query_one(f"#{key}").focus()
