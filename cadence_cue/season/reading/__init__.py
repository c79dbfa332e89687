"""Reads recorded runs: FIT, TCX and GPX, compressed by gzip or not."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import suppress
from pathlib import Path

from cadence_cue.coaching.file_kinds import is_fit, is_xml
from cadence_cue.errors import UserError
from cadence_cue.season.recording import RecordedRun

LARGEST = 80_000_000
"""Bytes of a file, uncompressed; a day of records is less in each of the formats."""

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PIECE = 1 << 16  # bytes that are unpacked at once


def read_run(path: Path) -> RecordedRun:
    """Read the run that a file recorded; what is in it decides how, not its name.

    Raises UserError that names the file if it cannot be read or is not of a run, and OSError.
    """
    data = _content(path)
    try:
        return _read(data)
    except UserError as error:
        raise error.at(path) from error


def _read(data: bytes) -> RecordedRun:
    if is_fit(data):
        from cadence_cue.season.reading import fit  # noqa: PLC0415 - one of the two is used

        return fit.read(data)
    if is_xml(data):
        from cadence_cue.season.reading import xml  # noqa: PLC0415

        return xml.read(data)
    if data.startswith(_ZIP):
        raise UserError("it is a ZIP file", way_out="unpack it, and give the recording in it")
    raise UserError("it is no recording of a run: FIT, TCX and GPX files are read")


def _content(path: Path) -> bytes:
    """Return what is in a file, uncompressed."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if data.startswith(_GZIP):
        data = _unpacked(data)
        if not data:
            raise UserError("it cannot be unpacked", where=path)
    if len(data) > LARGEST:
        raise UserError(f"it is larger than {LARGEST // 10**6} MB", where=path)
    return data


def _unpacked(data: bytes) -> bytes:
    """Return what gzip packed, at most some more than LARGEST; what comes before any damage."""
    found = bytearray()
    with gzip.open(io.BytesIO(data)) as packed, suppress(OSError, EOFError, zlib.error):
        while len(found) <= LARGEST and (piece := packed.read1(_PIECE)):
            found += piece
    return bytes(found)
