"""Tests of music prepare it in their own process, which is to stay as quick as it was."""

import os

import pytest


@pytest.fixture(autouse=True)
def as_quick_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what a process for music does to itself: nobody can raise its priority again."""
    monkeypatch.setattr(os, "nice", lambda _: 0)
