"""Reads recorded runs: FIT, TCX and GPX, compressed by gzip or not."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from cadence_cue.coaching.file_kinds import is_fit, is_xml
from cadence_cue.errors import UserError
from cadence_cue.season.recording import RecordedRun

LARGEST = 80_000_000
"""Bytes of a file, uncompressed; a day of records is less in each of the formats."""

_GZIP = b"\x1f\x8b"


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
    raise UserError("it is no recording of a run: FIT, TCX and GPX files are read")


def _content(path: Path) -> bytes:
    """Return what is in a file, uncompressed."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if data.startswith(_GZIP):
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise UserError(f"it cannot be unpacked ({error})", where=path) from error
    if len(data) > LARGEST:
        raise UserError(f"it is larger than {LARGEST // 10**6} MB", where=path)
    return data
