"""What the engine is sent arrives as it was."""

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.live.messages import MessageKind, receive, send
from cadence_cue.live.packing import (
    pack_clips,
    pack_music,
    pack_timeline,
    unpack_clips,
    unpack_music,
    unpack_timeline,
)
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.held import Held, Stretch
from cadence_cue.sound.spans import LaidMusic, Spans
from tests.live.rig import BEATS, VOICE, timeline


def test_clips_arrive_as_they_are() -> None:
    voice = {**VOICE, "Schön, “läuft”": Clip(VOICE["Relax"].samples[100:20001], 77)}
    descriptor = pack_clips(BEATS, voice)
    beats_there, voice_there = unpack_clips(descriptor)
    os.close(descriptor)
    for sent, arrived in ((BEATS, beats_there), (voice, voice_there)):
        assert list(sent) == list(arrived)
        for name, clip in sent.items():
            assert np.array_equal(clip.samples, arrived[name].samples)
            assert clip.anchor == arrived[name].anchor


def test_a_recording_with_two_names_is_sent_once() -> None:
    alone, twice = pack_clips(BEATS, VOICE), pack_clips(BEATS, {**VOICE, "Loose": VOICE["Relax"]})
    assert os.fstat(twice).st_size - os.fstat(alone).st_size < 1000
    os.close(alone)
    os.close(twice)


@pytest.mark.parametrize(
    "music",
    [
        None,
        Bed(Path("/tmp/ä.pcm"), 700, 0, -3, -6.5),
        Held(Bed(Path("a"), 7, None, 5), (Stretch(-3, 0, 2), Stretch(4, 2, 5)), 480),
        Spans(
            (Bed(Path("a"), 7, None, 5, knots=((1, 1.0), (9, 0.25))), Bed(Path("b"), 8, None)), -3
        ),
    ],
)
def test_music_arrives_as_it_is(music: LaidMusic | None) -> None:
    descriptor = pack_music(music)
    assert unpack_music(descriptor) == music
    os.close(descriptor)


def test_no_clips_at_all_arrive_too() -> None:
    descriptor = pack_clips({}, {})
    assert unpack_clips(descriptor) == ({}, {})
    os.close(descriptor)


def test_a_timeline_arrives_as_it_is_and_cannot_be_changed() -> None:
    planned = timeline()
    descriptor = pack_timeline(planned)
    arrived = unpack_timeline(descriptor)
    os.close(descriptor)
    assert np.array_equal(arrived.events, planned.events)
    assert arrived.events.dtype == planned.events.dtype
    assert not arrived.events.flags.writeable
    for field in ("rate", "start", "frames", "seed", "sounds"):
        assert getattr(arrived, field) == getattr(planned, field)


def test_parts_are_handed_over_one_by_one_until_the_end() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            send(ours, MessageKind.CLIPS, 0, pack_clips(BEATS, VOICE))
            send(ours, MessageKind.TIMELINE, 7, pack_timeline(timeline()))
            send(ours, MessageKind.STEP, 256, None)
        kinds = []
        while (message := receive(theirs)) is not None:
            part, number, descriptor = message
            size = 0
            if descriptor is not None:
                size = os.fstat(descriptor).st_size
                os.close(descriptor)
            kinds.append((part, number, size > 10_000))
    assert kinds == [
        (MessageKind.CLIPS, 0, True),
        (MessageKind.TIMELINE, 7, False),
        (MessageKind.STEP, 256, False),
    ]
