"""How many random examples a costly rule has in the quick run."""

from __future__ import annotations

from hypothesis import settings


def examples(quick: int) -> settings:
    """The number of random examples where each is costly: so many, or all of them with `--all`."""
    all_of_them = settings().max_examples > settings.get_profile("quick").max_examples
    return settings() if all_of_them else settings(max_examples=quick)
