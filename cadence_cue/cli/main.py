"""The entry point of the command line, which imports each command only when it is used."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import click

from cadence_cue import __version__
from cadence_cue.app.choices import ALTERNATE, LANES, SOURCES
from cadence_cue.app.invocation import command
from cadence_cue.cli.lines import fit
from cadence_cue.cli.signals import end_in_order
from cadence_cue.errors import nearest, printable

_RENAMED = {"bed": "music", "bed-level": "music-level", "bed-shuffle": "music-shuffle"}


class _Commands(click.Group):
    """A group whose commands live in modules of their own, imported on use."""

    homes: ClassVar[dict[str, tuple[str, str]]] = {
        "play": ("play", "Play a session."),
        "export": ("export", "Write a session to an audio file."),
        "workout": ("workout", "Write a session as a workout for a watch."),
        "exports": ("exports", "List the tracks that you exported."),
        "share": ("share", "Let a phone on this network download a track."),
        "drill": ("rehearse", "Rehearse one drill."),
        "beat": ("rehearse", "Play a plain beat, without a session."),
        "list": ("browse", "List sessions, drills, elements or voices."),
        "show": ("browse", "Show everything about a session, a drill or an element."),
        "check": ("check", "Check session files."),
        "timeline": ("browse", "Print every sound of a session with its time."),
        "say": ("voices", "Hear one cue, on its own or over a beat."),
        "lines": ("voices", "List what a session says, to record it yourself."),
        "voice": ("voices", "Show or clear cached speech."),
        "new": ("own", "Start a session of your own."),
        "edit": ("own", "Open a session of your own in your editor."),
        "import": ("workout", "Make a session file from a workout of another program."),
        "add": ("own", "Check a session file and add it to your own."),
        "cadence": ("own", "Show or set your own cadence."),
        "mastered": ("own", "Mark a drill as mastered."),
        "music": ("songs", "Tell which of your music fits your step."),
        "score": ("score", "Tell how your steps or taps met the beats."),
        "log": ("log", "Show what you practised and how it felt."),
        "plan": ("plan", "Show or make a plan of weeks towards a quicker step."),
        "review": ("review", "Compare a recorded run with its session."),
        "settings": ("own", "Show or change the settings."),
        "devices": ("devices", "List the sound devices."),
        "calibrate": ("calibrate", "Measure the delay of headphones, keys or microphone."),
        "doctor": ("doctor", "Check everything that the sound depends on."),
    }

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """Read the arguments before the command."""
        with _visibly():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Read the other arguments and run the command."""
        with _visibly():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order in which a runner needs them."""
        return list(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self.homes:
            return None
        module = importlib.import_module(f"cadence_cue.cli.{self.homes[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed; for an unknown one, suggest the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = nearest(args[0], self.homes)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near}'?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List each command with its help line, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.homes.items()])


@contextmanager
def _visibly() -> Iterator[None]:
    """Show all characters of what was typed in the errors of click and of our own."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # its message is the help
    except click.ClickException as error:
        label = "Error: "  # click puts it before the message
        message = error.format_message()
        if isinstance(error, click.MissingParameter) and error.param:
            message = _what_is_missing(error.param)
        told = fit(label + printable(message), sys.stderr).removeprefix(label)
        error.format_message = lambda: told  # type: ignore[method-assign]
        raise


def _what_is_missing(param: click.Parameter) -> str:
    """Return the sentence that asks for an argument that was not given."""
    match param.type:
        case click.Choice(choices=choices):
            return f"say which: {', '.join(map(str, choices))}"
        case click.ParamType(name="session"):
            return f"name a session (see: {command('list')})"
        case click.ParamType(name="page"):
            return f"name a session, a drill or an element (see: {command('list')})"
        case click.ParamType(name="drill"):
            return f"name a drill (see: {command('list drills')})"
        case click.ParamType(name="tempo"):
            return 'give a tempo, such as 172, own or "+5%"'
    what = "file" if isinstance(param.type, click.Path) else param.name
    return f"give a {(param.metavar or what or '').lower()}"


def _current_name(name: str) -> str:
    """The current name of an option; names from earlier versions keep working."""
    return _RENAMED.get(name, name)


@click.group(
    cls=_Commands,
    help=f"""The running coach in your headphones: drills with beats and spoken cues.

    Without a command, the screen opens. To start with plain text instead:

    {command("play first-perception")}
    """,
    invoke_without_command=True,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "token_normalize_func": _current_name,
    },
)
@click.option("--listen", type=click.Choice(SOURCES),
              help="On the screen: score your steps, which you tap on keys, or which the "
              "microphone hears.")  # fmt: skip
@click.option("--lane", type=click.Choice(LANES), default=ALTERNATE, show_default=True,
              help="On the screen: the sets in which a lane shows your last steps.")  # fmt: skip
@click.option("--speak-score", is_flag=True,
              help="On the screen: say in the rest what stands out of a set.")  # fmt: skip
@click.version_option(__version__, prog_name="cadence-cue")
@click.pass_context
def main(ctx: click.Context, listen: str | None, lane: str, speak_score: bool) -> None:
    """Run a command; without one, open the screen, or print help if no screen is possible."""
    from cadence_cue.app.settings import clear_left_overs

    end_in_order()
    # We multiply no matrices, so numpy need not start a thread for each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _fill_streams()
    clear_left_overs()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names may hold any bytes
    if ctx.invoked_subcommand is not None:
        if listen or speak_score or lane != ALTERNATE:
            raise click.UsageError(
                "--listen, --lane and --speak-score before a command are for the screen; "
                f"{command('play --help')} tells what listens without it"
            )
        return
    gc.disable()  # until the app has started: what is imported and read stays
    from cadence_cue.cli import screen

    if screen.possible():
        screen.show(listen=listen, lane=lane, speaks=speak_score)
    else:
        click.echo(ctx.get_help())


def _fill_streams() -> None:
    """Open /dev/null for closed standard streams, so that no other file gets their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
