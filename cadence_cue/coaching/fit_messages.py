"""Reads the messages of FIT files, of workouts and of recorded runs alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import fitdecode


class DamagedError(Exception):
    """A FIT file goes wrong at some place; the messages before it were read."""


def fit_messages(data: bytes) -> Iterator[Any]:
    """Yield the data messages of a FIT file. Raises DamagedError where it goes wrong."""
    reader = fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    # Damaged fields reach the library's processors and end there in any exception at all.
    try:
        yield from (each for each in reader if isinstance(each, fitdecode.FitDataMessage))
    except Exception as error:
        raise DamagedError(str(error)) from error
    finally:
        reader.close()
