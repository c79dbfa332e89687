"""Names what is left out of the music, with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from cadence_cue.errors import printable

PROTECTED = frozenset((".m4p", ".aax", ".aa", ".wmdrm"))
"""The endings of files that only the player of their seller opens."""

DRM = "protected against other players (DRM)"

_NAMED = 20  # for one reason; of more, the number is told


def sentences(left_out: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a sentence for each reason, from pairs of a name and a reason."""
    names: dict[str, list[str]] = {}
    for name, reason in left_out:
        names.setdefault(reason, []).append(printable(name))
    return tuple(f"Left out: {_list(each)}, {reason}." for reason, each in names.items())


def _list(names: list[str]) -> str:
    more = len(names) - _NAMED
    named = ", ".join(names[:_NAMED])
    return f"{named} and {more} more" if more > 0 else named
