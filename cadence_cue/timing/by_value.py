"""Equality for dataclasses with array fields, whose generated `==` fails on arrays."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np


class ByValue:
    """Mixin for a frozen dataclass declared with `eq=False`: equal if every field is equal.

    Arrays are equal if their shapes and all their elements are. Instances cannot be hashed, because
    a hash would have to read every array to the end.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Return whether both are of the same class and every field is equal."""
        if type(other) is not type(self):
            return NotImplemented
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return all(_equal(getattr(self, name), getattr(other, name)) for name in names)

    __hash__ = None  # type: ignore[assignment]


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 - a field of any type
    if isinstance(one, np.ndarray):
        return one is other or np.array_equal(one, other)
    return bool(one == other)
