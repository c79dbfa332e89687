"""The tests' own ear."""

import numpy as np

from tests.live.finding import Found, found

TRACK = np.random.default_rng(1).normal(0.0, 0.1, 20_000).astype(np.float32)


def test_pieces_are_found_where_samples_are_lost_repeated_or_silent() -> None:
    silence = np.zeros(700, np.float32)
    recording = np.concatenate([silence, TRACK[:4000], silence, TRACK[5000:9000], TRACK[8000:]])
    assert found(recording, TRACK) == [
        Found(700, 0, 4000),
        Found(5400, 5000, 4000),
        Found(9400, 8000, 12000),
    ]


def test_what_is_softer_or_another_track_is_not_found() -> None:
    assert found(TRACK * np.float32(0.5), TRACK) == []
    assert found(np.zeros(5000, np.float32), TRACK) == []
