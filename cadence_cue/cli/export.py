"""The command `export`: a session to an audio file; and how every command writes one."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cadence_cue import shelf
from cadence_cue.cli import asking, options, shared
from cadence_cue.cli.ending import INTERRUPTED
from cadence_cue.coaching.errors import printable

if TYPE_CHECKING:
    from cadence_cue.cli.options import Command
    from cadence_cue.coaching.model import Library, Session
    from cadence_cue.settings import Settings

_STEPS = 1000  # of the progress bar

_OPTIONS = (
    click.option(
        "--rate", type=click.IntRange(8000, 192000), help="Of a file; 48000 if not given."
    ),
    click.option("--bits", type=click.Choice(["16", "24", "32"]), help="WAV, FLAC; 32 is float."),
    click.option("--force", is_flag=True, help="Overwrite the file."),
    click.option("--no-safety-line", is_flag=True, help="A file without the spoken safety line."),
)


def target(command: Command) -> Command:
    """Give a command the options of a file, as a function `write` that makes it."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        output: Path | None,
        rate: int | None,
        bits: str | None,
        force: bool,
        no_safety_line: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        if output is None and (rate or bits or force or no_safety_line):
            shared.refuse(
                "--rate, --bits, --force and --no-safety-line are for a file: name it with -o"
            )
        write = output and functools.partial(
            write_file,
            output,
            rate=rate,
            bits=int(bits) if bits else None,
            force=force,
            safety=not no_safety_line,
        )
        command(*args, write=write, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


Write = Callable[["Session", "Library", "Settings", options.Chosen], None]


def write_file(
    output: Path,
    session: Session,
    library: Library,
    settings: Settings,
    chosen: options.Chosen,
    *,
    rate: int | None,
    bits: int | None,
    force: bool,
    safety: bool,
) -> None:
    """Plan a session and write it, with progress on a terminal."""
    from cadence_cue import runner
    from cadence_cue.export.writer import check_target
    from cadence_cue.studio import RATE

    rate = rate or RATE
    check_target(output, rate, bits=bits, force=force)
    asking.tell_locked(session, library, settings)
    performance = options.prepare(
        session, library, settings, chosen, live=False, rate=rate, safety=safety
    )
    asking.offer_explaining(performance, library, settings)
    timeline = options.begun(performance, chosen).timeline
    terminal = sys.stderr is not None and sys.stderr.isatty()
    try:
        with click.progressbar(
            length=_STEPS,
            label=printable(output.name),
            file=sys.stderr,
            hidden=not terminal,
        ) as bar:
            told = runner.write(
                performance,
                timeline,
                output,
                beat=chosen.beat,
                voice=chosen.speaks,
                bits=bits,
                force=force,
                progress=lambda share: bar.update(round(share * _STEPS) - bar.pos),
            )
    except KeyboardInterrupt:
        shared.notice(f"Stopped; {printable(str(output))} was not written.")
        raise SystemExit(INTERRUPTED) from None
    click.echo(told)


@click.command("export")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The file: .wav, .flac, .ogg, .opus or .mp3.")  # fmt: skip
@target
@options.performance
@shared.plain_errors
def export_command(name: str, wishes: options.Chosen, write: Write) -> None:
    """Write a session to an audio file for a phone or a watch."""
    library = shared.get_library()
    settings = shared.load_settings()
    write(shelf.find(name, library), library, settings, wishes)
