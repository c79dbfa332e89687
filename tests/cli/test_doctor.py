"""doctor: its page where all is well, where nothing is, and what it says to do."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cadence_cue.app import findings, settings
from cadence_cue.app.checkup import troubles
from cadence_cue.export.formats.ogg import Ogg
from cadence_cue.live.health import Health, Spread
from cadence_cue.live.output import Opened
from cadence_cue.voice import manifest as manifests
from cadence_cue.voice.shipped import voices_folder
from tests.cli.conftest import Keep, Run, Shim
from tests.cli.sessions import SHORT
from tests.live.servers import pulse_lacks, pulse_server

TITLES = ["Versions", "Devices", "Sound", "File formats", "Folders", "Voice", "Problems"]


def sections(page: str) -> dict[str, list[str]]:
    """The lines of each section; those that were broken put together again."""
    found: dict[str, list[str]] = {}
    for line in page.splitlines():
        assert len(line) <= 100
        if not line.startswith(" "):
            lines = found.setdefault(line, [])
        elif line.startswith("      "):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return found


@pytest.fixture(autouse=True)
def few_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual voice with two clips, for all of them are decoded."""
    shipped, few = voices_folder() / "af_heart", tmp_path / "voices" / "af_heart"
    few.mkdir(parents=True)
    manifest = json.loads((shipped / "manifest.json").read_text("utf-8"))
    manifest["clips"] = manifest["clips"][:2]
    for clip in manifest["clips"]:
        shutil.copy(shipped / clip["file"], few)
    (few / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    monkeypatch.setattr(manifests, "voices_folder", lambda: few.parent)


def test_where_all_is_well_the_page_says_so(
    run: Run, keep: Keep, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing := pulse_lacks():
        pytest.skip(f"not installed: {missing}")
    keep("sessions", SHORT)
    with pulse_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        done = run("doctor", "--seconds", 2, "--latency", 200, "--block", 512)
    assert done.stderr == "Measuring the sound for 2 s …\n"
    page = sections(done.stdout)
    assert list(page) == TITLES
    versions = " ".join(page["Versions"])
    for name in (
        "cadence-cue",
        "Python",
        "numpy",
        "sounddevice",
        "PortAudio",
        "soxr",
        "libsndfile",
    ):
        assert re.search(rf"{name} V?\d", versions), versions
    assert any(re.match(r"\* portaudio \d+: default \(ALSA\), ", line) for line in page["Devices"])
    assert page["Sound"][0].startswith('"default" by portaudio, 48000 Hz, latency ')
    assert re.fullmatch(
        r".*real-time priority: (yes|no)"
        r" \d+ callbacks in [\d.]+ s; 512 frames: 10.7 ms"
        r" jitter between them: p50 [\d.]+ ms, p99 [\d.]+ ms, most [\d.]+ ms"
        r" cost, as a share of a block's time: p50 [\d.]+%, p99 [\d.]+%, most [\d.]+%"
        r" underruns: \d+"
        r" the device's clock: [+−]\d+ ppm, ± [\d.]+ ms"
        r" from a key to the sound it changes: p50 [\d.]+ ms, p99 .*"
        r" from there to the ear, as the device reports: p50 [\d.]+ ms, p99 .*",
        " ".join(page["Sound"]),
    )
    assert page["File formats"] == [
        ".wav, .flac, .ogg, .opus, .mp3, .m4a",
        "recordings in other formats (such as .wma): ffmpeg reads them",
    ]
    assert page["Folders"][1].endswith("/sessions (1 file)")
    assert str(home) not in done.stdout
    clips, own = page["Voice"]
    assert clips == "af_heart: 2 texts, all with a readable clip"
    assert own == "your own texts: spoken"
    assert "No sound" not in done.stdout


def test_without_sound_everything_else_is_told(run: Run, shim: Shim) -> None:
    shim("missing")
    done = run("doctor")
    assert not done.stderr
    page = sections(done.stdout)
    assert list(page) == TITLES
    assert "PortAudio missing" in " ".join(page["Versions"])
    assert page["Sound"] == ["not measured"]
    assert page["File formats"] == [
        ".wav, .flac, .ogg, .opus, .mp3, .m4a",
        "recordings in other formats (such as .wma): ffmpeg reads them",
    ]
    problems = " ".join(page["Problems"])
    assert "sudo apt install libportaudio2" in problems
    assert "`cadence-cue export` works without" in problems
    assert "log out" not in problems


def test_a_device_that_cannot_be_opened_is_told(run: Run, shim: Shim) -> None:
    shim("refuse")
    page = sections(run("doctor").stdout)
    assert any(line.startswith("* portaudio 1: shim (JACK)") for line in page["Devices"])
    assert page["Sound"] == ["not measured"]
    assert "log out and in again" in " ".join(page["Problems"])


def test_folders_and_a_voice_that_are_not_as_they_should_be(run: Run, shim: Shim) -> None:
    own = settings.user_folder()
    own.parent.mkdir(parents=True)
    own.write_text("a file")
    settings.change(lambda _: replace(settings.Settings(), voice="nobody"))
    shim("none")
    page = sections(run("doctor").stdout)
    assert "settings: ~/.config/cadence-cue (1 file)" in page["Folders"]
    told = "~/.local/share/cadence-cue is a file"
    assert f"own drills: ~/.local/share/cadence-cue/drills ({told})" in page["Folders"]
    problems = " ".join(page["Problems"])
    assert f"{told} where the folder of own sessions should be: move it away." in problems
    assert 'There is no voice "nobody"' in problems
    assert "cadence-cue settings voice NAME" in problems


def test_a_format_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ogg, "subtype", "PCM_16")  # not for libsndfile
    found = findings.formats()
    assert found.lines[0] == ".wav, .flac, .opus, .mp3, .m4a"
    (problem,) = found.problems
    assert problem.startswith(".ogg files cannot be written (")
    assert problem.endswith("): python -m pip install -U soundfile")


SPREAD = Spread(0.01, 0.01, 0.01, 0.01)
WELL = Health(
    opened=Opened("portaudio", "ears", 48000, 0.05),
    seconds=10.0,
    callbacks=1875,
    frames=256,
    jitter=SPREAD,
    cost=SPREAD,
    control=SPREAD,
    heard=SPREAD,
    clock_ppm=0.0,
    clock_residual=0.0,
    underruns=0,
    realtime=True,
)


@pytest.mark.parametrize(
    ("health", "told"),
    [
        (replace(WELL, realtime=False), "rtprio"),
        (replace(WELL, underruns=1), "sound stuttered once in 10 s"),
        (
            replace(WELL, underruns=4),
            "stuttered 4 times in 10 s.* cadence-cue settings latency 100$",
        ),
        (replace(WELL, cost=replace(SPREAD, p99=0.8)), "80% .* cadence-cue settings block 1024$"),
        (replace(WELL, heard=replace(SPREAD, p50=0.4)), "A key is heard 410 ms late"),
    ],
)
def test_what_was_measured_and_is_not_well_is_told(health: Health, told: str) -> None:
    assert troubles(WELL) == []
    (problem,) = troubles(health)
    assert re.search(told, problem)
