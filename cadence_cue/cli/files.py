"""The options of every command that writes a file, and what they ask for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cadence_cue.app.choices import RATES
from cadence_cue.app.options import FileOptions

_FORMATS = ("mp3", "m4a", "opus", "ogg", "flac", "wav")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of files on the command line.

    `format` names an ending; `report` and `share` are done once a file is written.
    """

    output: Path | None
    format: str | None
    files: FileOptions
    safety_line: bool
    report: bool
    share: bool
    yes: bool
    local: bool

    @property
    def anything(self) -> bool:
        """Whether anything but the file itself was asked for."""
        after = self.format or self.report or self.share or self.yes or self.local
        return bool(after) or not self.safety_line or self.files != FileOptions()


_OPTIONS = (
    click.option("--format", type=click.Choice(_FORMATS), help="Else as the file's name ends."),
    click.option("--quality", type=click.Choice(["low", "normal", "high"]),
                 help="Of MP3, M4A, Opus and Ogg; normal if not given."),
    click.option("--mono", is_flag=True, help="One channel: smaller."),
    click.option(
        "--rate", type=click.IntRange(*RATES), help="Of a file; 48000 if not given."
    ),
    click.option("--bits", type=click.Choice(["16", "24", "32"]), help="WAV, FLAC; 32 is float."),
    click.option("--force", is_flag=True, help="Overwrite the file."),
    click.option("--no-safety-line", is_flag=True, help="A file without the spoken safety line."),
    click.option("--sidecars", is_flag=True,
                 help="Words (.lrc), chapters (.cue) and timeline (.json) beside it."),
    click.option("--card", is_flag=True, help="A page to print beside it (.html)."),
    click.option("--share", is_flag=True, help="Let a phone fetch it (see: share --help)."),
    click.option("--yes", is_flag=True, help="Share it without asking."),
    click.option("--local", is_flag=True, help="Share it on this machine only."),
    click.option("--report", is_flag=True, help="Tell its loudness, true peak and talking."),
)  # fmt: skip


def target(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a file, as one parameter `asked`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        output: Path | None,
        format: str | None,  # noqa: A002 - the option's name
        quality: str | None,
        mono: bool,
        rate: int | None,
        bits: str | None,
        force: bool,
        no_safety_line: bool,
        sidecars: bool,
        card: bool,
        share: bool,
        yes: bool,
        local: bool,
        report: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        files = FileOptions(
            rate=rate,
            bits=int(bits) if bits else None,
            quality=quality or "normal",
            mono=mono,
            force=force,
            sidecars=sidecars,
            card=card,
        )
        asked = Asked(
            output,
            format,
            files,
            safety_line=not no_safety_line,
            report=report,
            share=share,
            yes=yes,
            local=local,
        )
        command(*args, asked=asked, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
