"""music, and export --match: what is told, refused, kept and heard."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

import cadence_cue
from cadence_cue.app import settings
from cadence_cue.app.batch import Outcome, write_all
from cadence_cue.app.music import following as following_music
from cadence_cue.app.settings import cache_folder
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.errors import UserError
from cadence_cue.music.analysing import Analysing
from cadence_cue.music.preparing_spans import SpanJob
from tests.cli.conftest import Keep, Run
from tests.music import band

Refused = Callable[..., str]
Floats = npt.NDArray[np.float32]

SESSION = """\
title = "Matched"
get_ready = "0s"
announce = false
countdown = false

[[phase]]
walk = "To begin with"
time = "20s"

[[phase]]
run = "On the beat"
time = "62s"
tempo = "own"
count_in = false

[[phase]]
run = "Too slow"
time = "20s"
tempo = 110
count_in = false
"""
WRITE = ("export", "mine", "--cadence", 172, "--seed", 3, "--no-voice", "--rate", 24000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A song that fits, one that does not, and somebody who talks."""
    place = tmp_path / "songs"
    place.mkdir()
    sf.write(place / "fits.wav", band.played(band.steady(168, 70)), band.RATE)
    sf.write(place / "other.wav", band.played(band.steady(122, 40)), band.RATE)
    sf.write(place / "talk.wav", band.talk(30), band.RATE)
    return place


def beats_of_run(run: Run) -> list[int]:
    """The frames of the beats that music is matched to."""
    data = json.loads(run("timeline", *WRITE[1:], "--json").stdout)
    return [
        each["frame"] for each in data["events"] if each["kind"] == "beat" and each["phase"] == 1
    ]


def test_music_tells_what_fits(run: Run, folder: Path) -> None:
    (folder / "broken.wav").write_bytes(b"RIFF")
    result = run("music", folder, "--cadence", 172)
    broken, fits, other, talk, told = result.stdout.splitlines()
    assert broken.startswith("broken.wav: cannot be read as sound (")
    assert re.fullmatch(
        r"fits\.wav: 84\.0 beats a minute, 168 steps, two to a beat; fits, 2\.[34] % quicker",
        fits,
    )
    assert other.startswith(
        "other.wav: 122.0 beats a minute, 244 steps, two to a beat; does not fit: it would"
    )
    assert talk == "talk.wav: does not fit: it keeps no beat that can be followed"
    assert told == (
        "1 of 4 fit 172 steps a minute: music of 159 to 187 beats a minute does, and of 80 to 93."
    )
    near = run("music", folder, "--cadence", 172, "--match-limit", 2).stdout
    assert "fits.wav: 84.0 beats a minute, 168 steps, two to a beat; does not fit" in near
    assert "0 of 4 fit 172 steps a minute: music of 169 to 176 beats" in near
    assert near.endswith("84 to 88. Most, 1, fit 171 steps.\n")
    whole = (folder / "fits.wav").read_bytes()
    (folder / "fits.wav").write_bytes(whole[: len(whole) * 6 // 7])
    sf.write(folder / "talk.wav", band.talk(5), band.RATE)
    _, cut, _, talk, _ = run("music", folder, "--cadence", 172).stdout.splitlines()
    assert talk == "talk.wav: does not fit: it is too short"
    assert re.search(r"; fits, 2\.[34] % quicker; it is cut off: 61\.. of 71\.. s can be", cut)
    (folder / "fits.wav").unlink()
    assert run("music", folder).stdout.endswith(" None fits 140 to 210 steps.\n")
    sf.write(folder / "fits.wav", band.played(band.steady(168, 70)), band.RATE)
    found = json.loads(run("music", folder, "--cadence", 172, "--json").stdout)
    keys = ["file", "tempo", "confidence", "factor", "stretch_percent", "fits", "reason"]
    assert all(list(each) == keys for each in found)
    assert [each["fits"] for each in found] == [False, True, False, False]
    assert found[1]["tempo"] * found[1]["factor"] == pytest.approx(168, abs=0.1)


def test_a_piece_is_listened_to_once_wherever_it_lies(run: Run, folder: Path) -> None:
    run("music", folder, "--json")
    (folder / "fits.wav").rename(folder / "renamed.wav")
    with patch("cadence_cue.app.music.songs.write_all", side_effect=AssertionError):
        found = json.loads(run("music", folder, "--json").stdout)
    assert [each["file"] for each in found] == ["other.wav", "renamed.wav", "talk.wav"]
    (folder / "renamed.wav").rename(folder / "a\x1b[31m\x9b ü.wav")  # exact, and no terminal obeys
    named = run("music", folder, "--json").stdout
    assert named.isascii()
    assert json.loads(named)[0]["file"] == "a\x1b[31m\x9b ü.wav"
    assert run("music", folder).stdout.startswith("a\\u001b[31m\\u009b ü.wav: ")
    (folder / "a\x1b[31m\x9b ü.wav").rename(folder / "renamed.wav")
    beats = cache_folder("beats")
    assert beats
    damaged = sorted(beats.iterdir())
    damaged[0].write_text("{", encoding="utf-8")
    assert json.loads(run("music", folder, "--json").stdout) == found


def test_beats_of_music_fall_on_those_of_the_run(run: Run, keep: Keep, folder: Path) -> None:
    keep("sessions", SESSION)
    (folder / "broken.wav").write_bytes(b"RIFF")
    talk = (folder / "talk.wav").read_bytes()
    (folder / "talk.wav").write_bytes(talk[: len(talk) // 2])
    result = run(*WRITE, "-o", "x.wav", "--no-beat", "--music", folder, "--match")
    assert "Music: songs, 1 of 4 pieces on the beat." in result.stderr
    assert "Left out, as their beats a minute do not fit: other.wav (122.0).\n" in result.stderr
    assert "Left out, as they keep no beat that can be followed: talk.wav.\n" in result.stderr
    assert "broken.wav is left out: cannot be read as sound (" in result.stderr
    assert "talk.wav is cut off: 15.0 of 30.0 s can be read.\n" in result.stderr
    sound, rate = sf.read("x.wav", dtype="float32")
    beats = beats_of_run(run)
    late = band.strokes(sound[:, 0], rate, np.array(beats[4:-4]))
    assert (np.abs(late) <= 20).mean() >= 0.95
    assert abs(np.median(late)) <= 3
    assert abs(np.median(late[:28]) - np.median(late[-28:])) <= 5
    run_of = sound[beats[20] : beats[-20]]
    for first, last in ((3, 18), (86, 100)):  # the walk, the slow run
        free = sound[first * rate : last * rate]
        lower = 20 * np.log10(np.sqrt((free**2).mean()) / np.sqrt((run_of**2).mean()))
        assert -16 < lower < -8


def test_what_is_stretched_is_kept_whatever_else_changes(
    run: Run, keep: Keep, folder: Path
) -> None:
    keep("sessions", SESSION)
    run(*WRITE, "-o", "x.wav", "--music", folder, "--match")
    kept = cache_folder("spans")
    assert kept
    before = {path.name for path in kept.iterdir()}
    keep("sessions", SESSION.replace('"20s"', '"33.37s"', 1))
    made: list[bool] = []

    def watched(jobs: list[SpanJob], *rest: object) -> object:
        made.extend(job.span.matched for job in jobs)
        return write_all(jobs, *rest)  # type: ignore[arg-type]

    with patch.object(following_music, "write_all", watched):
        run(*WRITE, "-o", "y.wav", "--music", folder, "--match", "--seed", 8)
    assert made
    assert not any(made), "stretched again"
    assert before <= {path.name for path in kept.iterdir()}


def test_without_match_every_sample_is_as_before(run: Run, keep: Keep, folder: Path) -> None:
    keep("sessions", SESSION)
    run(*WRITE, "-o", "x.wav", "--music", folder)
    keep("sessions", f'music = {{ file = "{folder}", match = true }}\n{SESSION}', "other")
    run(*WRITE, "-o", "y.wav", "--music", folder)
    assert Path("x.wav").read_bytes() == Path("y.wav").read_bytes()
    first = run("export", "other", *WRITE[2:], "-o", "z.wav")
    assert "on the beat" in first.stderr
    assert Path("x.wav").read_bytes() != Path("z.wav").read_bytes()


def test_a_click_that_fades_leaves_the_music_to_itself(run: Run, keep: Keep, folder: Path) -> None:
    keep("sessions", SESSION)
    music = ("--music", folder, "--match")
    table = f'music = {{ file = "{folder}", match = true, click = "fade" }}'
    fading = keep("sessions", f"{table}\n{SESSION}", "fading")
    for name, options in {
        "click": music,
        "none": (*music, "--no-beat"),
        "faded": (*music, "--fade-click"),
    }.items():
        run(*WRITE, "-o", f"{name}.wav", *options)
    run("export", "fading", *WRITE[2:], "-o", "file.wav")
    click, none, faded, file = (
        sf.read(f"{name}.wav", dtype="float32")[0] for name in ("click", "none", "faded", "file")
    )
    np.testing.assert_array_equal(faded, file)
    run("export", "fading", "--cadence", 172, "--seed", 3, "--rate", 24000, "--bits", 32,
        "-o", "whole.wav")  # fmt: skip
    whole = cadence_cue.render(fading, cadence=172, seed=3, rate=24000)
    np.testing.assert_array_equal(sf.read("whole.wav", dtype="float32")[0], whole)
    differs = (faded != click).any(axis=1), (faded != none).any(axis=1)
    beats = beats_of_run(run)
    led, lone = slice(beats[0], beats[16]), slice(beats[25], beats[150])
    assert not differs[0][: beats[16]].any()
    assert differs[1][led].any()
    assert not differs[1][lone].any()
    assert differs[0][lone].any()


def test_it_is_refused_before_anything_is_spoken(
    refused: Refused, keep: Keep, folder: Path
) -> None:
    keep("sessions", SESSION)
    keep("sessions", SESSION.replace('"62s"', '"50s"'), "short")
    (folder / "fits.wav").unlink()
    music = ("--music", folder, "--match")
    with patch("cadence_cue.studio.perform", side_effect=AssertionError):
        told = refused("export", "mine", "--cadence", 172, "-o", "x.wav", *music)
        assert "no piece of it comes within 8 % of 172 beats a minute" in told
        assert told.endswith(
            "; those that can be followed have 122, which fits no cadence to run at"
        )
        quicker = ("export", "quicker", "--cadence", 172, "-o", "x.wav", *music)
        keep("sessions", SESSION.replace('"own"', '"+20%"'), "quicker")
        assert refused(*quicker).endswith("; at a cadence of 188 most, 1 of 2, would fit a run")
        # At some of the cadences that are tried, this would be beyond 300 a minute.
        keep("sessions", SESSION.replace('"own"', '"+30%"'), "quicker")
        assert "would fit a run" in refused(*quicker)
        keep("sessions", SESSION.replace('"own"', "205"), "quicker")
        sf.write(folder / "other.wav", band.played(band.steady(130, 40)), band.RATE)
        assert refused(*quicker).endswith(
            "most, 1 of 2, would fit 140, and no cadence changes that"
        )
        assert "Matched has none" in refused("export", "short", "-o", "x.wav", *music)
    (folder / "other.wav").unlink()
    told = refused("export", "mine", "-o", "x.wav", *music)
    assert "none of them keeps a beat that can be followed" in told
    assert not Path("x.wav").exists()
    assert "add --music" in refused("export", "mine", "--match")
    told = refused("export", "mine", "--music", folder, "--match-limit", 8)
    assert told == "there is no music on the beat for --match-limit: add --match"


def test_stopped_it_goes_on_from_there(run: Run, tmp_path: Path) -> None:
    for number in range(5):
        sound = band.played(band.steady(150 + 10 * number, 12))
        sf.write(tmp_path / f"{number}.wav", sound, band.RATE)
    beats = cache_folder("beats")
    assert beats

    @contextmanager
    def bar(label: str) -> Iterator[Callable[[float], None]]:
        def stop(share: float) -> None:
            if any(beats.glob("*.json")):
                raise KeyboardInterrupt

        yield stop

    with patch("cadence_cue.cli.shared.bar", bar), patch("os.cpu_count", return_value=1):
        result = run("music", tmp_path, code=INTERRUPTED)
    assert result.stderr == "Stopped; what was heard so far is kept.\n"
    before = {path: path.stat().st_mtime_ns for path in beats.glob("*.json")}
    assert 1 <= len(before) < 5
    assert len(json.loads(run("music", tmp_path, "--json").stdout)) == 5
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert len(list(beats.glob("*.json"))) == 5


def test_a_full_disk_is_no_fault_of_the_pieces(refused: Refused, folder: Path) -> None:
    stopped = []

    def here(jobs: Iterable[Analysing], *_: object) -> Iterator[Outcome]:
        try:
            for place, job in enumerate(jobs):
                with pytest.raises(UserError) as caught:
                    job.write(lambda _: None)
                yield Outcome(place, failed=caught.value)
        finally:
            stopped.append(1)

    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    writes = patch("cadence_cue.storage.write", side_effect=full)
    with patch("cadence_cue.app.music.songs.write_all", here), patch("os.nice"), writes:
        told = refused("music", folder / "other.wav")
        assert stopped  # at once, not when the collector finds it
    assert told == f"{cache_folder('beats')}: nothing can be saved there: {full.strerror}."


def test_it_is_played_as_it_is_written(run: Run, keep: Keep, folder: Path) -> None:
    keep("sessions", SESSION)
    settings.change(lambda _: settings.Settings(safety_read=True))
    play = ("play", "mine", "--backend", "silent", *WRITE[2:-2], "--from", "1:40")
    result = run(*play, "--music", folder, "--match")
    assert "Music: songs, 1 of 3 pieces on the beat." in result.stderr
    assert "other.wav (122.0)" in result.stderr
    assert result.output.endswith("Done.\n")
    assert "gap" not in result.output


def test_what_plays_refuses_as_a_file_does(refused: Refused, folder: Path) -> None:
    music = ("--music", folder, "--match")
    with patch("cadence_cue.studio.perform", side_effect=AssertionError):
        told = refused("beat", 205, *music)
        assert "no piece of it comes within 8 % of 205 beats a minute; most, 1 of 3" in told
