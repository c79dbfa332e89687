"""What is a small case of a rule in the quick run, and all of it with `--all`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def matrix(values: Iterable[Any], few: int = 1) -> list[Any]:
    """The parameters for `parametrize`: all but the first few are left to `--all`."""
    return [
        value if k < few else pytest.param(*_several(value), marks=pytest.mark.matrix)
        for k, value in enumerate(values)
    ]


def examples(quick: int) -> settings:
    """The number of random examples where each is costly: so many, or all of them with `--all`."""
    all_of_them = settings().max_examples > settings.get_profile("quick").max_examples
    return settings() if all_of_them else settings(max_examples=quick)


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
