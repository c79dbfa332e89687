"""The options that all commands share which write a track."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from cadence_cue.app.choices import RATES
from cadence_cue.app.options import FileOptions
from cadence_cue.export.formats import ENDINGS, QUALITIES

_FORMATS = tuple(ending.removeprefix(".") for ending in ENDINGS)


class _Formats(click.ParamType[tuple[str, ...]]):
    """One or several formats, separated by commas."""

    name = "format"
    _one = click.Choice(_FORMATS)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read each, dropping duplicates."""
        each = [part.strip() for part in str(value).split(",")]
        return tuple(dict.fromkeys(self._one.convert(part, param, ctx) for part in each))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """The formats that there are."""
        return self._one.get_metavar(param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The formats that begin with the typed text."""
        return self._one.shell_complete(ctx, param, incomplete)


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """The options of a track on the command line.

    `formats` name endings; `report` and `share` take effect once a file is written.
    """

    output: Path | None
    formats: tuple[str, ...]
    files: FileOptions
    safety_line: bool
    without_locked: bool
    report: bool
    share: bool
    yes: bool
    local: bool

    @property
    def in_each_format(self) -> list[TrackOptions]:
        """The same options for each of the formats."""
        return [replace(self, formats=(each,)) for each in self.formats] or [self]

    @property
    def any_given(self) -> bool:
        """Whether any option besides the file itself was given."""
        after = self.formats or self.report or self.share or self.yes or self.local
        spoken = not self.safety_line or self.without_locked
        return bool(after) or spoken or self.files != FileOptions()


_OPTIONS = (
    click.option("--format", "formats", type=_Formats(),
                 help="By default from the file name's ending; several with commas: mp3,m4a."),
    click.option("--quality", type=click.Choice(QUALITIES),
                 help="For MP3, M4A, Opus and Ogg; by default normal."),
    click.option("--mono", is_flag=True, help="One channel, for a smaller file."),
    click.option(
        "--rate", type=click.IntRange(*RATES), help="Sample rate; by default 48000."
    ),
    click.option("--bits", type=click.Choice(["16", "24", "32"]),
                 help="Bits per sample for WAV and FLAC; 32 is floating point."),
    click.option("--force", is_flag=True, help="Overwrite an existing file."),
    click.option("--no-safety-line", is_flag=True, help="Leave out the spoken safety line."),
    click.option("--without-locked", is_flag=True,
                 help="Leave out drills that wait for one you have not mastered."),
    click.option("--sidecars", is_flag=True,
                 help="Also write words (.lrc), chapters (.cue) and timeline (.json)."),
    click.option("--card", is_flag=True, help="Also write a page to print (.html)."),
    click.option("--share", is_flag=True, help="Let a phone download it (see: share --help)."),
    click.option("--yes", is_flag=True, help="Share it without asking."),
    click.option("--local", is_flag=True, help="Share it on this machine only."),
    click.option("--report", is_flag=True, help="Print loudness, true peak and share of speech."),
)  # fmt: skip


def track_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a track to a command, as one parameter `track`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        output: Path | None,
        formats: tuple[str, ...] | None,
        quality: str | None,
        mono: bool,
        rate: int | None,
        bits: str | None,
        force: bool,
        no_safety_line: bool,
        without_locked: bool,
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
        track = TrackOptions(
            output,
            formats or (),
            files,
            safety_line=not no_safety_line,
            without_locked=without_locked,
            report=report,
            share=share,
            yes=yes,
            local=local,
        )
        command(*args, track=track, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
