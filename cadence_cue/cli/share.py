"""The command `share`: offers a track on this network, for a phone to download."""

from __future__ import annotations

import io
import shutil
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app import session_store
from cadence_cue.cli import shared
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.coaching.model import Drill
    from cadence_cue.share.file_tags import FileTags

MINUTES = 15
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
    from cadence_cue.export.formats import ENDINGS

    if file.suffix.lower() not in ENDINGS:
        shared.refuse(f"{file}: only audio files are shared: {', '.join(ENDINGS)}")
    with io.FileIO(file) as opened:  # once: an export may put another track in its place
        _share(opened, yes=yes, local=local, port=port)


def _share(file: io.FileIO, *, yes: bool, local: bool, port: int) -> None:
    from cadence_cue.share.file_tags import read_tags
    from cadence_cue.share.html import page
    from cadence_cue.share.network import addresses
    from cadence_cue.share.served import Served

    try:
        tags = read_tags(file)
    except UserError as error:
        shared.refuse(f"{file.name}: not a readable audio file ({error})")
    hosts = ["127.0.0.1"] if local else addresses()
    if not hosts:
        shared.refuse("this machine is on no network that a phone could reach; --local shares here")
    if not (yes or local):
        _ask()
    drills = _drills(tags)
    try:
        served = Served(
            file,
            lambda address, nonce: page(tags, drills, address, nonce),
            lambda line: shared.say(f"{line}; open until {_until()}"),
            host="127.0.0.1" if local else "",
            port=port,
        )
    except OSError as error:
        if error.filename or not port:
            raise
        shared.refuse(f"port {port}: {error.strerror}; without --port a free one is taken")
    with served:
        try:
            _show([f"http://{host}:{served.port}{served.root}" for host in hosts])
            while (left := MINUTES * 60 - (time.monotonic() - served.last)) > 0:
                time.sleep(min(left, _POLL))
        except KeyboardInterrupt:
            shared.say("Closed.")
            return
    shared.say(f"Closed: nothing was downloaded for {MINUTES} minutes.")


def _drills(tags: FileTags) -> list[Drill]:
    """The drills of the session with this title, else those that the chapters name."""
    from cadence_cue.share.html import drills_of
    from cadence_cue.studio import unexplained

    library = shared.get_library(quiet=True)
    for name in session_store.session_files():
        with suppress(UserError):  # a broken session does not matter here
            session = session_store.find(name, library)
            if session.title == tags.title:
                return unexplained(session, library, ())
    return drills_of((title for _, title in tags.chapters), library)


def _ask() -> None:
    if not shared.on_terminal():
        shared.refuse("sharing opens this file to everybody on this network: say --yes, or --local")
    question = f"Open it on this network for {MINUTES} minutes?"
    if not shared.confirm(question, default=True):
        raise SystemExit(0)


def _show(urls: list[str]) -> None:
    """Print the addresses, with a QR code of the first if the terminal can show it."""
    click.echo(_code(urls[0]), nl=False)
    shared.say(urls[0])
    for other in urls[1:]:
        shared.say(f"or {other}")
    shared.say(
        f"Open until {_until()}, or {MINUTES} minutes after the last byte; Ctrl-C closes it."
    )


def _code(url: str) -> str:
    """The QR code in black on white, whatever the terminal's colours; "" if it does not fit."""
    import segno

    if sys.stdout is None or not sys.stdout.isatty():
        return ""
    code, drawn = segno.make(url, micro=False), io.StringIO()
    code.terminal(drawn, compact=True)
    lines = drawn.getvalue().splitlines()
    if len(lines[0]) > shutil.get_terminal_size()[0] or not _encodes(lines[0]):
        return ""
    return "".join(f"{click.style(line, fg=_WHITE, bg=_BLACK)}\n" for line in lines)


def _encodes(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _until() -> str:
    """The local time when it closes, even if the clocks change before then."""
    return (datetime.now(UTC) + timedelta(minutes=MINUTES)).astimezone().strftime("%H:%M")
