"""The QR code of an address, as text. The only module that uses segno."""

from __future__ import annotations

import io


def code(url: str) -> list[str]:
    """Return the lines of a QR code in half blocks, to be shown in white on black."""
    import segno  # noqa: PLC0415 - only needed to share

    drawn = io.StringIO()
    segno.make(url, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue().splitlines()
