"""The command `share`: offers a track on this network, for a phone to download."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from cadence_cue.cli import shared

_POLL = 0.5  # seconds
_BLACK, _WHITE = 16, 231  # of the 256 colours; the first 16 differ between terminals


@click.command("share")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--local", is_flag=True, help="Share on this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), help="By default any free port.")
@shared.plain_errors
def share_command(file: Path, yes: bool, local: bool, port: int | None) -> None:
    """Let a phone on this network download a track, by an address or a QR code."""
    share(file, yes=yes, local=local, port=port or 0)


def share(file: Path, *, yes: bool, local: bool, port: int = 0) -> None:
    """Serve a file until Ctrl-C, or until nothing was downloaded for a quarter of an hour."""
    from cadence_cue.app.tracks import sharing
    from cadence_cue.share.network import addresses

    sharing.tags_of(file)
    hosts = ["127.0.0.1"] if local else addresses()
    if not hosts:
        shared.refuse("this machine is on no network that a phone could reach; --local shares here")
    if not (yes or local):
        _ask()
    library = shared.get_library(quiet=True)
    try:
        offer = sharing.offer(file, library, hosts, shared.say, local=local, port=port)
    except OSError as error:
        if error.filename or not port:
            raise
        shared.refuse(f"port {port}: {error.strerror}; without --port a free one is taken")
    with offer.served:
        try:
            _show(offer.urls)
            while (left := offer.left) > 0:
                time.sleep(min(left, _POLL))
        except KeyboardInterrupt:
            shared.say("Closed.")
            return
    shared.say(f"Closed: nothing was downloaded for {sharing.MINUTES} minutes.")


def _ask() -> None:
    from cadence_cue.app.tracks.sharing import MINUTES

    if not shared.on_terminal():
        shared.refuse("sharing opens this file to everybody on this network: say --yes, or --local")
    question = f"Let phones on this network fetch it for {MINUTES} minutes?"
    if not shared.confirm(question, default=True):
        raise SystemExit(0)


def _show(urls: Sequence[str]) -> None:
    """Print the addresses, with a QR code of the first if the terminal can show it."""
    from cadence_cue.app.tracks.sharing import MINUTES, until

    click.echo(_code(urls[0]), nl=False)
    shared.say(urls[0])
    for other in urls[1:]:
        shared.say(f"or {other}")
    shared.say(
        f"Open until {until()}, or {MINUTES} minutes after the last download; Ctrl-C closes it."
    )


def _code(url: str) -> str:
    """The QR code in black on white, whatever the terminal's colours; "" if it does not fit."""
    from cadence_cue.share.code import code

    if sys.stdout is None or not sys.stdout.isatty():
        return ""
    lines = code(url)
    if len(lines[0]) > shutil.get_terminal_size()[0] or not _encodes(lines[0]):
        return ""
    return "".join(f"{click.style(line, fg=_WHITE, bg=_BLACK)}\n" for line in lines)


def _encodes(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
