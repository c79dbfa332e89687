"""Parameters of which a few are a small case of a rule, and all run with `--all`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def matrix(values: Iterable[Any], few: int = 1) -> list[Any]:
    """The parameters for `parametrize`: all but the first few are left to `--all`."""
    return [
        value if k < few else pytest.param(*_several(value), marks=pytest.mark.matrix)
        for k, value in enumerate(values)
    ]


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
