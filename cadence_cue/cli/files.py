"""The options of every command that writes a file, and what they ask for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from cadence_cue.export.formats import ENDINGS, QUALITIES, EncodingOptions

_FORMATS = tuple(ending.removeprefix(".") for ending in ENDINGS)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What was asked of the files on the command line."""

    output: Path | None
    format: str | None
    rate: int | None
    bits: str | None
    quality: str | None
    mono: bool
    force: bool
    no_safety_line: bool
    sidecars: bool
    card: bool
    report: bool
    share: bool
    yes: bool
    local: bool

    @property
    def wish(self) -> EncodingOptions:
        """What is asked of a file beside its name."""
        bits = int(self.bits) if self.bits else None
        return EncodingOptions(bits=bits, quality=self.quality or "normal", mono=self.mono)

    @property
    def anything(self) -> bool:
        """Whether anything but the file itself was asked for."""
        names = (field.name for field in fields(self))
        return any(getattr(self, name) for name in names if name != "output")


_OPTIONS = (
    click.option("--format", type=click.Choice(_FORMATS), help="Else as the file's name ends."),
    click.option("--quality", type=click.Choice(QUALITIES),
                 help="Of MP3, M4A, Opus and Ogg; normal if not given."),
    click.option("--mono", is_flag=True, help="One channel: smaller."),
    click.option(
        "--rate", type=click.IntRange(8000, 192000), help="Of a file; 48000 if not given."
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
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        asked = FileOptions(**{field.name: kwargs.pop(field.name) for field in fields(FileOptions)})
        command(*args, asked=asked, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
