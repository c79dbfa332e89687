"""What every test of exporting looks at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def only(tmp_path: Path) -> Callable[..., None]:
    """A check that the folder holds exactly these names."""

    def check(*names: str) -> None:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)

    return check
