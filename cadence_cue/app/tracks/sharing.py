"""Offers a track on this network, for a phone to download."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.app.sessions import session_store
from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.explaining import unexplained
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.share.file_tags import FileTags
    from cadence_cue.share.served import Served

MINUTES = 15
"""How long a track is offered after the last byte of it was fetched."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that is served once `served` is entered, and the addresses at which a phone has it."""

    served: Served
    urls: tuple[str, ...]

    @property
    def left(self) -> float:
        """The seconds until it is closed, unless something is fetched."""
        return MINUTES * 60 - (time.monotonic() - self.served.last)


def tags_of(file: Path) -> FileTags:
    """Return the tags of a track. Raises UserError if it is none that can be shared."""
    from cadence_cue.export.formats import ENDINGS  # noqa: PLC0415 - only to share

    if file.suffix.lower() not in ENDINGS:
        raise UserError(f"{file}: only audio files are shared: {', '.join(ENDINGS)}")
    with FileIO(file) as opened:
        return _tags(opened)


def offer(
    file: Path,
    library: Library,
    hosts: list[str],
    tell: Callable[[str], object],
    *,
    local: bool = False,
    port: int = 0,
) -> Offer:
    """Open a track and a port for it (0: any), on this machine only if `local`.

    `tell` is called in any thread, with a line about what is fetched. Raises UserError and OSError.
    """
    from cadence_cue.share.html import page  # noqa: PLC0415 - as above
    from cadence_cue.share.served import Served  # noqa: PLC0415 - as above

    opened = FileIO(file)  # once: an export may put another track in its place
    try:
        tags = _tags(opened)
        drills = _drills(tags, library)
        served = Served(
            opened,
            lambda address, nonce: page(tags, drills, address, nonce),
            lambda line: tell(f"{line}; open until {until()}"),
            host="127.0.0.1" if local else "",
            port=port,
        )
    except BaseException:
        opened.close()
        raise
    urls = tuple(f"http://{host}:{served.port}{served.root}" for host in hosts)
    return Offer(served, urls)


def until() -> str:
    """The local time when it closes, even if the clocks change before then."""
    return (datetime.now(UTC) + timedelta(minutes=MINUTES)).astimezone().strftime("%H:%M")


def _tags(opened: FileIO) -> FileTags:
    from cadence_cue.share.file_tags import read_tags  # noqa: PLC0415 - as above

    try:
        return read_tags(opened)
    except UserError as error:
        raise UserError(f"{opened.name}: not a readable audio file ({error})") from None


def _drills(tags: FileTags, library: Library) -> list[Drill]:
    """The drills of the session with this title, else those that the chapters name."""
    from cadence_cue.share.html import drills_of  # noqa: PLC0415 - as above

    for name in session_store.session_files():
        with suppress(UserError):  # a broken session does not matter here
            session = session_store.find(name, library)
            if session.title == tags.title:
                return unexplained(session, library, ())
    return drills_of((title for _, title in tags.chapters), library)
