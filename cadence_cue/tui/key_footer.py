"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer

# This and Footer._bindings_ready are private, for Textual has no public way to learn which keys it
# shows; a newer Textual may need a change here.
from textual.widgets._footer import FooterKey


class KeyFooter(Footer):
    """Textual's compact footer, made anew only when its keys change.

    Textual makes it anew with each change of the focus, which is a quarter of a screen's work.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """The keys."""
        if self._bindings_ready:
            self._shown = self._keys
        for widget in super().compose():
            if isinstance(widget, FooterKey):
                # Already here, or it would be styled once more when it gets the class by itself.
                widget.add_class("-compact", update=False)
            yield widget

    async def recompose(self) -> None:
        """Show the keys of the screen as it is now."""
        if self.is_attached and self._shown != self._keys:  # its screen may be gone meanwhile
            await super().recompose()

    @property
    def _keys(self) -> object:
        active = self.screen.active_bindings.values()
        return [(each.binding, each.enabled, each.tooltip) for each in active if each.binding.show]
