"""A session while it is edited: its text, what can be undone, and the file it is saved to.

Separate from the screen, which only asks and shows; all that a change needs is in `coaching`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cadence_cue.app.sessions import drafts, session_store
from cadence_cue.app.sessions.drafts import Draft
from cadence_cue.coaching import session_text
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.lines import find_lines
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import mistakes, parse
from cadence_cue.coaching.session_text import HEAD, SessionText
from cadence_cue.coaching.toml_text import data_in, text_in
from cadence_cue.errors import UserError

_MARK = b"\xef\xbb\xbf"  # with which some editors begin a file in UTF-8


class Editing:
    """A session being edited. Raises UserError if its file cannot be read as TOML.

    A built-in session, which is not `owned`, is edited as a copy that has no file yet. What is
    changed is kept as a draft until it is saved or given up. A file that went away counts as empty
    if there is a draft.
    """

    def __init__(self, path: Path, *, owned: bool = True) -> None:
        self.path = path if owned else None
        """Where it is saved; None as long as a copy has no file."""
        self.name = path.stem
        self._model = path
        # What the file held last; before its text is read, as it may change in between.
        self._known = _content(path) if owned else None
        found = drafts.find(path)
        text = "" if found and not path.exists() else text_in(path, path.name)
        self._texts = [session_text.read(text, path.name)]
        self._at = 0
        self._saved = text
        self.draft: Draft | None = found if found and found.text != text else None
        """The changes of an earlier time that were not saved."""

    @property
    def text(self) -> SessionText:
        """The session as it is now."""
        return self._texts[self._at]

    @property
    def title(self) -> str:
        """The session's title; "" without a usable one."""
        title = self.text.values.get("title")
        return title if isinstance(title, str) else ""

    @property
    def is_saved(self) -> bool:
        """Whether its file, as far as is known, holds all of it."""
        return str(self.text) == self._saved and self.path is not None

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost without saving."""
        return str(self.text) != self._saved

    # Changes.

    def change(self, text: SessionText) -> None:
        """Take a changed text; what was undone can no longer be done again."""
        if str(text) != str(self.text):
            self._texts[self._at + 1 :] = [text]
            self._go(1)

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        if not self._at:
            return False
        self._go(-1)
        return True

    def redo(self) -> bool:
        """Take the last undoing back; False if there is none."""
        if self._at + 1 == len(self._texts):
            return False
        self._go(1)
        return True

    def take_draft(self) -> None:
        """Take the changes of the draft; undoing brings back what the file holds.

        The file counts as changed outside unless it is as it was then. Raises UserError.
        """
        if self.draft is None:
            return
        text = session_text.read(self.draft.text, self._file_name)
        if self.path is not None:
            self._known = self.draft.base
        self.draft = None
        self.change(text)

    def give_up(self) -> None:
        """Delete the draft: its changes are not wanted."""
        self.draft = None
        drafts.drop(self._model)

    def _go(self, by: int) -> None:
        """Go to another text, and keep what of it is not saved."""
        self._at += by
        self._keep_draft()

    def _keep_draft(self) -> None:
        if self.is_changed:
            drafts.keep(self._model, str(self.text), self._known)
        else:
            drafts.drop(self._model)

    # Reading it.

    def mistakes(
        self, library: Library, text: SessionText | None = None
    ) -> Mapping[str, UserError]:
        """The first mistake of each phase by its number, and of the whole session under ""."""
        written = str(text or self.text)
        name, lines = self._file_name, find_lines(written)
        return mistakes(data_in(written, name), name=name, library=library, lines=lines)

    def session(self, library: Library) -> Session:
        """The session as it is now. Raises UserError for the first mistake in it."""
        written = str(self.text)
        data = data_in(written, self._file_name)
        source = self.path or self._model
        return parse(data, name=self.name, library=library, source=source)

    @property
    def _file_name(self) -> str:
        return (self.path or self._model).name

    # Its file.

    @property
    def changed_outside(self) -> bool:
        """Whether the file is not as it was read or saved last."""
        return self.path is not None and _content(self.path) != self._known

    @property
    def is_gone(self) -> bool:
        """Whether the file is no longer there."""
        return _content(self.path or self._model) is None

    def save(self) -> None:
        """Write it to its file, whatever that holds now. Raises UserError."""
        if self.path is None:
            raise UserError("it has no file yet")
        text = str(self.text)
        marked = bool(self._known and self._known.startswith(_MARK))
        content = _MARK * marked + text.encode()
        session_store.save(self.path, content)
        self._known, self._saved = content, text
        drafts.drop(self._model)

    def save_as(self, title: str, library: Library) -> None:
        """Write it to a new file named after a title, which it then has. Raises UserError."""
        path = session_store.new_file(title, library)
        titled = session_store.titled(title)
        if title != self.title:
            self.change(self.text.valued(HEAD, "title", titled))
        before = self.path, self.name, self._known
        self.path, self.name, self._known = path, path.stem, None
        try:
            self.save()
        except UserError:
            self.path, self.name, self._known = before
            raise
        self._model = path

    def take_theirs(self) -> None:
        """Take what the file holds now; undoing brings back what was there. Raises UserError."""
        if self.path is None:
            return
        known = _content(self.path)
        text = text_in(self.path, self.path.name)
        theirs = session_text.read(text, self.path.name)
        self._known, self._saved = known, text
        self.change(theirs)
        self._keep_draft()


def _content(path: Path) -> bytes | None:
    """The content of a file; None if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None
