"""What most commands need: library, settings, types of arguments, notices and plain errors."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from cadence_cue.app import settings as settings_file
from cadence_cue.app.choices import CADENCES, both_feet, read_cadence
from cadence_cue.app.log import history
from cadence_cue.app.sessions import session_store
from cadence_cue.cli.lines import columns, cut, fit
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching import values
from cadence_cue.errors import UserError, printable

if TYPE_CHECKING:
    from cadence_cue.app.log.history import Practice, Scored
    from cadence_cue.app.score.scoring import Score
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.drill import Library

P = ParamSpec("P")
R = TypeVar("R")

_STEPS = 1000  # of a progress bar
_BAR = 50  # columns of click's progress bar and its percentage


class Refused(click.ClickException):
    """A user's mistake, printed as one sentence; exit code 2."""

    exit_code = 2


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn every error that a user can cause into one sentence and exit code 2."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            raise Refused(worded(error)) from None
        except BrokenPipeError:
            raise  # the reader of our output has gone; click ends quietly
        except OSError as error:
            raise Refused(str(UserError.of(error))) from None

    return wrapped


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """Show a progress bar on a terminal; gives a function to call with the share done, 0 to 1."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    room = max(columns() - _BAR, 8)
    shown = click.progressbar(
        length=_STEPS, label=cut(label, room), file=sys.stderr, hidden=not terminal, show_eta=False
    )
    with shown as steps:
        yield lambda share: steps.update(round(share * _STEPS) - steps.pos)


def say(text: str, *, err: bool = False) -> None:
    """Print lines, in which what comes from outside shows all of its characters.

    On a terminal they break between words.
    """
    shown = "\n".join(map(printable, text.split("\n")))
    click.echo(fit(shown, sys.stderr if err else sys.stdout), err=err)


_printed: set[str] | None = None


def notice(text: str) -> None:
    """Print something that is not the command's result, to standard error."""
    if _printed is not None:
        if text in _printed:
            return
        _printed.add(text)
    say(text, err=True)


@contextmanager
def each_notice_once() -> Iterator[None]:
    """Print repeated notices only once, while many similar things are done, also within others."""
    global _printed  # noqa: PLW0603 - one runner, one terminal
    before = _printed
    _printed = set() if before is None else before
    try:
        yield
    finally:
        _printed = before


def on_terminal() -> bool:
    """Whether questions can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def confirm(question: str, *, default: bool = False) -> bool:
    """Ask a question whose answer is yes or no."""
    asked = fit(f"{printable(question)} {'[Y/n]' if default else '[y/N]'}:", sys.stderr)
    return click.confirm(asked, default, show_default=False, prompt_suffix=" ", err=True)


def may_replace(target: Path, *, force: bool) -> bool:
    """Whether an existing file may be replaced, after asking on a terminal."""
    if force or not target.is_file() or not on_terminal():
        return force
    return confirm(f"{target} exists already. Replace it?")


def load_settings() -> Settings:
    """Load the settings, with a notice if the file is damaged."""
    settings, trouble = settings_file.load()
    if trouble:
        notice(trouble)
    return settings


def change_settings(update: Callable[[Settings], Settings]) -> None:
    """Apply a change to the saved settings, with a notice if they cannot be saved."""
    try:
        settings_file.change(update)
    except UserError as error:
        notice(worded(error))


def practices() -> list[Practice]:
    """Return the runner's log, as far as it can be read."""
    return history.remembered(settings_file.user_folder())


def keep_score(score: Score, *, once: bool = False) -> Scored | None:
    """Add a score to the log and return its new entry; a notice says if it cannot be written.

    With `once`, a score that is there already is not added again.
    """
    from cadence_cue.app.score.scoring import keep

    try:
        return keep(score, settings_file.user_folder(), once=once)
    except OSError as error:
        notice(history.not_written(error))
        return None


def get_library(*, quiet: bool = False) -> Library:
    """Load the built-in drills and the user's own; a notice names each broken one."""

    def report(error: UserError) -> None:
        if not quiet:
            notice(f"Left out of your drills: {error}")

    return session_store.library(report)


class Name(click.ParamType[str]):
    """A name from the library, which the shell can complete."""

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """The names that begin with the typed text."""
        return [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]

    def names(self) -> Iterable[str]:
        """All possible names."""
        raise NotImplementedError


class SessionName(Name):
    """A session's name or file."""

    name = "session"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin with the typed text, else files."""
        names = super().shell_complete(ctx, param, incomplete)
        return names or [CompletionItem(incomplete, type="file")]

    def names(self) -> Iterable[str]:
        """The names of all sessions."""
        return session_store.session_files()


class Written(click.ParamType[str]):
    """A value written as in a session file, such as a time; `read` refuses any other."""

    def __init__(self, name: str, read: Callable[[object], object]) -> None:
        self.name = name
        self._read = read

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text unchanged if it can be read."""
        text = str(value)
        try:
            self._read(text)
        except UserError as error:
            self.fail(f"it {error}", param, ctx)
        return text


def _some_time(value: object) -> None:
    values.seconds(value)  # no beats
    values.length(value)  # more than nothing


TIME = Written("time", _some_time)


class Cadence(click.ParamType[float]):
    """Steps a minute; asks whether a low number counts one foot."""

    name = "steps a minute"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number and check it."""
        typed = str(value)
        try:
            both = both_feet(float(typed))
        except ValueError:  # reading it reports it
            both = None
        try:
            return read_cadence(self._of_both(typed, both, param, ctx) if both else typed)
        except UserError as error:
            self.fail(str(error), param, ctx)

    def _of_both(
        self, typed: str, both: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the cadence of both feet, after asking whether one foot's was typed."""
        completing = ctx is not None and ctx.resilient_parsing
        if not on_terminal() or completing:
            self.fail(
                f"{typed} could be one foot or both: "
                f"give {both:g} if it is one foot's count, or a cadence from {CADENCES[0]} on",
                param,
                ctx,
            )
        if confirm(f"Is that one foot? Then {both:g} steps a minute", default=True):
            return str(both)
        return typed


class Cadences(click.ParamType[list[float]]):
    """One or several cadences, separated by commas."""

    name = "steps a minute"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[float]:
        """Read and check each, dropping duplicates."""
        one = Cadence()
        each = (one.convert(part.strip(), param, ctx) for part in str(value).split(","))
        return list(dict.fromkeys(each))


class _NewFile(click.ParamType[Path]):
    """A file to write, which is no pipe: what we write is completed at its start and its end."""

    name = "file"

    def convert(
        self,
        value: str | Path,
        param: click.Parameter | None,  # noqa: ARG002 - click's signature
        ctx: click.Context | None,  # noqa: ARG002
    ) -> Path:
        """Return the path."""
        if str(value) == "-" or str(value).startswith(("/dev/std", "/dev/fd/", "/proc/self/fd/")):
            refuse(f"{value}: nothing is written to a pipe; name a file")
        return Path(value)


NEW_FILE = _NewFile()


def refuse(sentence: str) -> NoReturn:
    """End the command with one sentence and exit code 2."""
    raise Refused(sentence)
