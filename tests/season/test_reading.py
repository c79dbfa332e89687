"""Files of recorded runs: what is read from them, and what is refused in which words."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.errors import UserError
from cadence_cue.season import reading
from cadence_cue.season.reading import read_run
from cadence_cue.season.recording import RecordedRun
from tests.season import files
from tests.season.files import Point

STEADY = [Point(at, 171.5) for at in range(120)]


def read(folder: Path, data: bytes) -> RecordedRun:
    path = folder / "run"
    path.write_bytes(data)
    return read_run(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_fit_file_has_its_cadence_with_the_fraction(tmp_path: Path, pack: type[bytes]) -> None:
    run = read(tmp_path, pack(files.fit(STEADY)))
    assert run.cadence == pytest.approx(171.5, abs=1 / 64)
    assert run.speed == pytest.approx(3.0)
    assert run.weights.tolist() == [1.0] * 120
    assert run.started.timestamp() == files.START
    assert not run.coarse


@pytest.mark.parametrize(
    "data",
    [
        files.fit([Point(at, 172) for at in range(60)], fraction=False),
        files.tcx([Point(at, 172) for at in range(60)]),
        files.gpx([Point(at, 172) for at in range(60)]),
    ],
    ids=["fit", "tcx", "gpx"],
)
def test_whole_strides_are_told(tmp_path: Path, data: bytes) -> None:
    run = read(tmp_path, data)
    assert run.coarse
    assert run.cadence.tolist() == [172.0] * 60
    assert run.running.all()


def test_steps_are_told_from_strides(tmp_path: Path) -> None:
    run = read(tmp_path, files.gpx(STEADY, steps=True))
    assert run.cadence == pytest.approx(172, abs=0.6)
    assert not run.coarse


def test_distances_stand_in_for_speeds(tmp_path: Path) -> None:
    run = read(tmp_path, files.tcx([Point(at, 160, 2.5) for at in range(0, 60, 3)]))
    assert np.isnan(run.speed[0])
    assert run.speed[1:] == pytest.approx(2.5, abs=0.01)


def test_a_field_of_another_maker_does_not_replace_the_watch_s_own(tmp_path: Path) -> None:
    run = read(tmp_path, files.fit(STEADY, developer_zeros=True))
    assert run.cadence == pytest.approx(171.5, abs=1 / 64)


def test_pauses_and_gaps_weigh_nothing(tmp_path: Path) -> None:
    points = [Point(at, 170) for at in (0, 1, 2, 5, 6, 30, 31, 90, 91)]
    run = read(tmp_path, files.fit(points, pauses=[(8, 30), (31, 90)]))
    assert run.weights.tolist() == [1, 1, 3, 1, 2, 1, 0, 1, 1]


def test_a_gap_without_a_pause_weighs_five_seconds(tmp_path: Path) -> None:
    run = read(tmp_path, files.tcx([Point(at, 170) for at in (0, 1, 2, 40, 41)]))
    assert run.weights.tolist() == [1, 1, 5, 1, 1]


@pytest.mark.parametrize("keep", [0.4, 0.9])
@pytest.mark.parametrize("write", [files.fit, files.tcx], ids=["fit", "tcx"])
def test_what_comes_before_the_damage_is_used(tmp_path: Path, write: object, keep: float) -> None:
    assert callable(write)
    whole = write([Point(at, 170) for at in range(400)])
    run = read(tmp_path, whole[: int(len(whole) * keep)])
    assert 100 < len(run.seconds) < 400
    assert run.notes == ("The file is damaged or cut off; what comes before that is used.",)


def test_what_comes_before_the_damage_of_a_packed_file_is_used(tmp_path: Path) -> None:
    packed = gzip.compress(files.fit([Point(at, 165 + at % 7) for at in range(4000)]))
    run = read(tmp_path, packed[: len(packed) // 2])
    assert 400 < len(run.seconds) < 3600
    assert run.notes == ("The file is damaged or cut off; what comes before that is used.",)
    twice = gzip.compress(files.gpx(STEADY)[:2000]) + gzip.compress(files.gpx(STEADY)[2000:])
    assert len(read(tmp_path, twice).seconds) == len(STEADY)


def test_a_record_with_a_wrong_time_is_left_out_and_told(tmp_path: Path) -> None:
    # A watch that finds the time on the way counts from 1989 before.
    run = read(tmp_path, files.gpx([Point(-1e9, 170), *(Point(at, 172) for at in range(60))]))
    assert len(run.seconds) == 60
    assert run.notes == ("Left out for a wrong time: 1 of 61 records.",)


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<gpx><trk><trkseg><trkpt><time>&b;</time></trkpt></trkseg></trk></gpx>"
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is no recording of a run: FIT, TCX and GPX files are read"),
        (b"ID3" + bytes(100), "it is no recording of a run: FIT, TCX and GPX files are read"),
        (files.fit([]), "it holds no records of a run"),
        (files.fit([Point(at, 0) for at in range(9)]), "it holds no cadence"),
        (files.fit(STEADY, sport=files.CYCLING), "it is a recording of cycling, not of a run"),
        (files.fit(STEADY, sport=files.SWIMMING), "it is a recording of swimming, not of a run"),
        (files.tcx(STEADY, "Biking"), "it is a recording of biking, not of a run"),
        (files.gpx(STEADY, "1"), "it is a recording of cycling, not of a run"),
        (files.gpx([Point(at, 80) for at in range(9)]), "its cadence is 40 a minute"),
        (b"<gpx><trk>", "it is no readable XML"),
        (b"<?xml version='1.0' encoding='foo'?><gpx/>", "it is no readable XML"),
        (b"<?xml version='1.0' encoding='shift_jis'?><gpx/>", "it is no readable XML"),
        (BOMB, "it defines entities"),
        (b"<gpx>" + b"<a>" * 20_000, "it has thousands of elements within one"),
        (b"<gpx><trkpt>" + b"<a/>" * 20_000, "it has thousands of elements within one"),
        (gzip.compress(files.fit(STEADY), mtime=0)[:10], "it cannot be unpacked"),
        (b"PK\x03\x04" + bytes(99), "it is a ZIP file"),
    ],
)
def test_what_is_no_run_is_refused_by_name(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=r"run: ") as caught:
        read(tmp_path, data)
    assert sentence in caught.value.what
    assert caught.value.where == str(tmp_path / "run")


def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1_000_000)
    with pytest.raises(UserError, match="it is larger than 1 MB"):
        read(tmp_path, gzip.compress(b"<gpx>" + bytes(2_000_000)))
