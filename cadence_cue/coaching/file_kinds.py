"""Which kind of file some bytes are, by what they begin with: a name may say anything."""

from __future__ import annotations

_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks


def is_fit(data: bytes) -> bool:
    """Return whether a file is FIT, of a workout or of a recorded run."""
    return data[8:12] == b".FIT"


def is_xml(data: bytes) -> bool:
    """Return whether a file is XML, such as ZWO, TCX and GPX."""
    return data.lstrip(_BEFORE_XML)[:1] == b"<"
