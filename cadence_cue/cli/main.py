"""The command line: which commands there are; each is imported only when it is needed."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import ClassVar

import click

from cadence_cue import __version__
from cadence_cue.app.invocation import command
from cadence_cue.cli.signals import end_in_order

_RENAMED = {"bed": "music", "bed-level": "music-level", "bed-shuffle": "music-shuffle"}


class _Commands(click.Group):
    """A group whose commands live in modules of their own, imported on use."""

    homes: ClassVar[dict[str, tuple[str, str]]] = {
        "play": ("play", "Play a session to the ears."),
        "export": ("export", "Write a session to an audio file."),
        "share": ("share", "Let a phone on this network fetch a track."),
        "drill": ("rehearse", "Rehearse one drill."),
        "beat": ("rehearse", "A plain cadence, no session needed."),
        "list": ("browse", "List sessions, drills, elements or voices."),
        "show": ("browse", "Tell everything about a session, a drill or an element."),
        "check": ("browse", "Check session files."),
        "timeline": ("browse", "Print every sound of a session with its time."),
        "say": ("voices", "Hear one cue, on its own or over a beat."),
        "lines": ("voices", "What a session says, to be recorded in your own voice."),
        "voice": ("voices", "What is kept of texts that were spoken for you."),
        "new": ("own", "Start a session of your own."),
        "add": ("own", "Check a session file and keep it among your own."),
        "cadence": ("own", "Tell or find your own cadence."),
        "mastered": ("own", "Say that you have perfected a drill."),
        "log": ("log", "What you practised, and how it felt."),
        "settings": ("own", "Show or change the settings."),
        "devices": ("devices", "List the sound devices."),
        "calibrate": ("calibrate", "Measure how late your headphones are."),
        "doctor": ("doctor", "Check everything that the sound needs; one page to send."),
    }

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
        """The command that was typed; for one that does not exist, the nearest is told."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from cadence_cue.errors import nearest

            near = nearest(args[0], self.homes)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near}'?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands with a line each, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.homes.items()])


def _present_name(name: str) -> str:
    """The present name of an option; the names it had in earlier versions keep working."""
    return _RENAMED.get(name, name)


@click.group(
    cls=_Commands,
    help=f"""The running coach in your headphones: drills with beats and spoken cues.

    Without a command it opens the screen. In plain lines, begin with:

    {command("play first-perception")}
    """,
    invoke_without_command=True,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "token_normalize_func": _present_name,
    },
)
@click.version_option(__version__, prog_name="cadence-cue")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run a command; without one, open the screen, or tell what there is where none is possible."""
    end_in_order()
    _fill_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # file names may hold any bytes
    if ctx.invoked_subcommand is None:
        from cadence_cue.cli import screen

        if screen.possible():
            screen.show()
        else:
            click.echo(ctx.get_help())


def _fill_streams() -> None:
    """Give the place of streams that were closed for us to nobody: what is opened next took it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
