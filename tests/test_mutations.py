"""Each way of spoiling the product that is listed here is caught by the oracle.

A mutant is a copy of the package in which one snippet of one file reads differently. If a snippet
is not found any more, the code has changed: write the mutation anew.
"""

from __future__ import annotations

import compileall
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.exporting import ROOT, VOICE, export
from tests.listening import check
from tests.mutants import CLICKING, SPEAKING, Mutation
from tests.reading import read
from tests.recording import Recording
from tests.sessions import CLICKS, CLICKS_TOO, SPEECH
from tests.speech import Speech, read_voice

SESSIONS = {"clicks": CLICKS, "clicks too": CLICKS_TOO, "speech": SPEECH}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the package, compiled once, with the sounds beside it, and the sessions."""
    folder = tmp_path_factory.mktemp("mutants")
    no_cache = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cadence_cue", folder / "cadence_cue", ignore=no_cache)
    compileall.compile_dir(folder / "cadence_cue", quiet=1)
    (folder / "sounds").symlink_to(ROOT / "sounds")
    for name, text in SESSIONS.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    yield folder
    shutil.rmtree(folder)  # hundreds of megabytes


@contextmanager
def mutated(copy: Path, mutation: Mutation) -> Iterator[None]:
    file = copy / "cadence_cue" / mutation.file
    source = file.read_text("utf-8")
    assert source.count(mutation.before) == 1, f"{mutation.file} has changed: adapt the mutation"
    file.write_text(source.replace(mutation.before, mutation.after), "utf-8")
    try:
        yield
    finally:
        file.write_text(source, "utf-8")


def clicks(copy: Path, session: str) -> list[str]:
    options = ("--no-voice", "--bits", "32")
    wav = export(copy / f"{session}.toml", copy / "x.wav", *options, package=copy)
    return check(read(SESSIONS[session], 173), Recording(wav))


@pytest.mark.parametrize("session", ["clicks", "clicks too"])
def test_the_copy_without_a_mutation_is_right(copy: Path, session: str) -> None:
    assert clicks(copy, session) == []


@pytest.mark.parametrize("mutation", CLICKING, ids=lambda mutation: mutation.name)
def test_a_mutant_is_caught(copy: Path, mutation: Mutation) -> None:
    with mutated(copy, mutation):
        assert clicks(copy, mutation.session)


@pytest.fixture(scope="module")
def speech(copy: Path) -> Speech:
    return Speech(copy / "speech.toml", read_voice(VOICE))


def test_the_copy_without_a_mutation_speaks_right(copy: Path, speech: Speech) -> None:
    assert speech.faults(copy) == []


@pytest.mark.parametrize("mutation", SPEAKING, ids=lambda mutation: mutation.name)
def test_a_spoken_mutant_is_caught(copy: Path, speech: Speech, mutation: Mutation) -> None:
    with mutated(copy, mutation):
        assert speech.faults(copy)
