"""How many random examples a costly rule has in the quick run."""

from __future__ import annotations

from hypothesis import settings


def examples(quick: int, most: int | None = None) -> settings:
    """The number of random examples where each is costly: so many, or `most` with `--all`.

    Hypothesis tries the simplest example first, so two are the fewest with a random one.
    """
    all_of_them = settings().max_examples > settings.get_profile("quick").max_examples
    return settings(max_examples=(most or settings().max_examples) if all_of_them else quick)
