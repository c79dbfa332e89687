"""Each way of spoiling the product that is listed here is caught by the oracle.

A mutant is a copy of the package in which one snippet of one file reads differently. If a snippet
is not found any more, the code has changed: write the mutation anew.
"""

from __future__ import annotations

import compileall
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.coach import Coach, Word
from tests.exporting import ROOT, VOICE, export, program
from tests.listening import check
from tests.matrix import matrix
from tests.mutants import CLICKING, COACHING, SPEAKING, Mutation
from tests.reading import read
from tests.recording import Recording
from tests.sessions import CLICKS, CLICKS_TOO, COACHED, SPEECH
from tests.speech import Speech, read_anchors, read_voice

SESSIONS = {"clicks": CLICKS, "clicks too": CLICKS_TOO, "speech": SPEECH, "coached": COACHED}


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


@pytest.mark.parametrize(
    "mutation", [*CLICKING, *SPEAKING, *COACHING], ids=lambda mutation: mutation.name
)
def test_what_a_mutation_changes_is_there(mutation: Mutation) -> None:
    source = (ROOT / "cadence_cue" / mutation.file).read_text("utf-8")
    assert source.count(mutation.before) == 1, f"{mutation.file} has changed: adapt the mutation"


@contextmanager
def mutated(copy: Path, mutation: Mutation) -> Iterator[None]:
    file = copy / "cadence_cue" / mutation.file
    source = file.read_text("utf-8")
    file.write_text(source.replace(mutation.before, mutation.after), "utf-8")
    try:
        yield
    finally:
        file.write_text(source, "utf-8")


def clicks(copy: Path, session: str) -> list[str]:
    options = ("--no-voice", "--bits", "32")
    wav = export(copy / f"{session}.toml", copy / "x.wav", *options, package=copy)
    return check(read(SESSIONS[session], 173), Recording(wav))


@pytest.mark.parametrize("session", matrix(["clicks", "clicks too"]))
def test_the_copy_without_a_mutation_is_right(copy: Path, session: str) -> None:
    assert clicks(copy, session) == []


@pytest.mark.parametrize("mutation", matrix(CLICKING), ids=lambda mutation: mutation.name)
def test_a_mutant_is_caught(copy: Path, mutation: Mutation) -> None:
    with mutated(copy, mutation):
        assert clicks(copy, mutation.session)


@pytest.fixture(scope="module")
def speech(copy: Path) -> Speech:
    return Speech(copy / "speech.toml", read_voice(VOICE))


@pytest.mark.matrix
def test_the_copy_without_a_mutation_speaks_right(copy: Path, speech: Speech) -> None:
    assert speech.faults(copy) == []


@pytest.mark.matrix
@pytest.mark.parametrize("mutation", SPEAKING, ids=lambda mutation: mutation.name)
def test_a_spoken_mutant_is_caught(copy: Path, speech: Speech, mutation: Mutation) -> None:
    with mutated(copy, mutation):
        assert speech.faults(copy)


def coached(copy: Path) -> list[str]:
    """What the coach complains of in a session that has every rule's case in it, on three days."""
    return [
        fault
        for day in ("20261123", "20261125", "20261126")
        for fault in Coach(COACHED, 173).faults(told(copy, day))
    ]


def told(copy: Path, day: str) -> list[Word]:
    """What that session says."""
    with program(copy) as main:
        options = ["--cadence", "173", "--seed", day, "--no-safety-line", "--no-explain"]
        done = CliRunner().invoke(
            main, ["timeline", str(copy / "coached.toml"), "--json", *options]
        )
    assert done.exit_code == 0, f"{done.output} {done.exception!r}"
    data = json.loads(done.stdout)
    zero, rate = data["phases"][0]["start"], data["sample_rate"]
    anchors = read_anchors(VOICE)
    return [
        Word(
            event["text"],
            *(
                Fraction(event["frame"] + frames - zero, rate)
                for frames in (0, event["frames"], anchors[event["text"]])
            ),
        )
        for event in data["events"]
        if event["text"] in anchors and event["kind"] != "signal"
    ]


def test_the_copy_without_a_mutation_coaches_well(copy: Path) -> None:
    assert coached(copy) == []


@pytest.mark.parametrize("mutation", matrix(COACHING), ids=lambda mutation: mutation.name)
def test_a_mutant_that_coaches_badly_is_caught(copy: Path, mutation: Mutation) -> None:
    with mutated(copy, mutation):
        assert coached(copy)
