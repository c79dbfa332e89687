"""The 60-minute job of the benches; scripts/bench.py runs it in processes of its own.

prepare FOLDER            write the clips, quiet music, and Csound's scores without it and with it
render FOLDER TRACK       write the job as a track with cadence-cue
with-music FOLDER TRACK   the same with the music
count TRACK               print how many clicks and clips a track holds
score SESSION FOLDER      write a session's clips, and Csound's score of its sounds
music SESSION FILE        prepare music for a session
differ TRACK OTHER        print by how much two tracks differ
callback FOLDER           print the cost of a block of 256 frames, as a share of its duration
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile as sf

import cadence_cue
from cadence_cue.export.writer import BLOCK as EXPORTED
from cadence_cue.export.writer import export
from cadence_cue.live.control import Desired
from cadence_cue.live.mixer import Loaded, Mixer
from cadence_cue.live.sounding import SoundingBlock
from cadence_cue.sound.bed import Bed, BedBus, Curve
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.timeline import EVENT, Bus, EventKind, Timeline

RATE = 48000
FRAMES = 3600 * RATE
BEAT = 16000  # frames: 180 beats a minute
CLICKS = FRAMES // BEAT
CLIP_EVERY = 16  # beats
CLIPS = CLICKS // CLIP_EVERY
DIFFERENT = 45  # different clips
CLICK_FRAMES = 2784
NAMES = ("click", *(f"clip{number}" for number in range(DIFFERENT)))
BLOCK = 256
MUSIC_FRAMES = 300 * RATE
CADENCE, SEED = 173, 1

CSOUND = """<CsoundSynthesizer>
<CsOptions>
-W -s -d -m0 -o track.wav
</CsOptions>
<CsInstruments>
sr = 48000
; divides the beat, so that onsets are exact; smaller and much larger values are slower
ksmps = 1000
nchnls = 2
0dbfs = 1
{music}instr 1
a1 loscil 1, 1, p4, 1, 0
outs a1, a1
endin
</CsInstruments>
<CsScore>
{score}
</CsScore>
</CsoundSynthesizer>
"""

MUSIC = """gkduck init 0
instr 2
k1 linseg 0, 0.08, 1, p3 - 0.38, 1, 0.3, 0
gkduck = k1
endin
instr 3
k1 = ampdbfs(-12 * gkduck)
a1 interp k1
aleft, aright diskin2 "{folder}/music.wav", 1, 0, 1
outs aleft * a1, aright * a1
endin
"""


def events() -> list[tuple[int, int, int]]:
    """Every sound in order: its first frame, its length in frames and its index in NAMES."""
    clicks = [(beat * BEAT, CLICK_FRAMES, 0) for beat in range(CLICKS)]
    clips = [(number * CLIP_EVERY * BEAT, RATE, 1 + number % DIFFERENT) for number in range(CLIPS)]
    return sorted(clicks + clips)


def prepare(folder: Path) -> None:
    """Write a click of 1.8 kHz, low hums in place of speech, and Csound's scores of both."""
    folder = folder.resolve()
    seconds = np.arange(RATE) / RATE
    click = 0.35 * np.sin(2 * np.pi * 1800 * seconds) * np.exp(-seconds / 0.01)
    sounds = {"click": click[:CLICK_FRAMES]}
    fade = np.minimum(1.0, np.minimum(seconds, 1 - seconds) / 0.02)
    for number, name in enumerate(NAMES[1:]):
        sounds[name] = 0.4 * fade * np.sin(2 * np.pi * (150 + 2 * number) * seconds)
    for name, samples in sounds.items():
        sf.write(folder / f"{name}.wav", samples, RATE, "PCM_16")
    score = [
        f'f {index + 1} 0 0 -1 "{folder}/{name}.wav" 0 0 0' for index, name in enumerate(NAMES)
    ]
    score += [f"i 1 {at / RATE:.9f} {n / RATE:.9f} {sound + 1}" for at, n, sound in events()]
    score.append("e 3600")
    (folder / "job.csd").write_text(CSOUND.format(score="\n".join(score), music=""), "ascii")
    music = np.random.default_rng(1).integers(-300, 300, (MUSIC_FRAMES, 2), np.int16)
    sf.write(folder / "music.wav", music, RATE, "PCM_16")
    music.tofile(folder / "music.pcm")
    ducks = [f"i 2 {at / RATE - 0.08:.9f} {n / RATE + 0.38:.9f}" for at, n, k in events() if k]
    score = ["i 3 0 3600", *score[: len(NAMES)], "i 2 0 1.3", *ducks[1:], *score[len(NAMES) :]]
    orchestra = MUSIC.format(folder=folder)
    text = CSOUND.format(score="\n".join(score), music=orchestra)
    (folder / "with-music.csd").write_text(text, "ascii")


def job(folder: Path) -> tuple[Timeline, Renderer]:
    """The timeline of the job, and its renderer with the clips of `folder`."""
    rows = np.zeros(CLICKS + CLIPS, EVENT)
    rows["frame"], rows["frames"], rows["sound"] = np.array(events()).T
    rows["bus"] = np.where(rows["sound"] == 0, Bus.BEAT, Bus.VOICE)
    rows["kind"] = np.where(rows["sound"] == 0, EventKind.BEAT, EventKind.CUE)
    rows["gain"] = 1.0
    timeline = Timeline(RATE, 0, FRAMES, 0, rows, NAMES, (), ())
    clips = {name: Clip(sf.read(folder / f"{name}.wav", dtype="int16")[0], 0) for name in NAMES}
    return timeline, Renderer(timeline, clips, clips)


def render(folder: Path, track: Path) -> None:
    """Write the job as cadence-cue writes every export."""
    timeline, renderer = job(folder)
    export(renderer.render, 0, timeline.frames, RATE, track)


def render_with_music(folder: Path, track: Path) -> None:
    """Write the job with the music, as cadence-cue writes every export with music."""
    timeline, renderer = job(folder)
    bus = BedBus(Bed(folder / "music.pcm", MUSIC_FRAMES, 0), timeline, voice=True)
    mono = np.zeros(EXPORTED, np.float32)

    def render(start: int, ears: npt.NDArray[np.float32]) -> None:
        both = mono[: len(ears)]
        renderer.render(start, both)
        ears[:] = both[:, np.newaxis]
        bus.add(start, ears)

    export(render, 0, timeline.frames, RATE, track, channels=2)
    bus.close()


def count(track: Path) -> None:
    """Print how many clicks and how many clips a track holds, told apart by their pitch."""
    bin_frames = RATE // 1000
    high, low = [], []
    with sf.SoundFile(track) as file:
        if (file.frames, file.channels, file.samplerate) != (FRAMES, 2, RATE):
            sys.exit(f"{track} holds {file.frames} frames of {file.channels} channels")
        for block in file.blocks(60 * RATE, dtype="float32"):
            mono = block.mean(axis=1)
            steps = np.abs(np.diff(mono, prepend=mono[:1])).reshape(-1, bin_frames)
            high.append(steps.max(axis=1) > 0.04)
            low.append(np.abs(mono.reshape(-1, bin_frames).mean(axis=1)) > 0.12)
    print(starts(np.concatenate(high), 100), starts(np.concatenate(low), 500))


def starts(heard: npt.NDArray[np.bool_], quiet: int) -> int:
    """Count the sounds that follow at least `quiet` bins of silence."""
    at = np.flatnonzero(heard)
    return int(np.count_nonzero(np.diff(at, prepend=-quiet - 1) > quiet))


def score(session: Path, folder: Path) -> None:
    """Write all that a session sounds like as mono files, and Csound's score of it.

    Onsets are exact to the frame, and gains are those that the session's own mix has.
    """
    performance = cadence_cue.plan(session, cadence=CADENCE, seed=SEED)
    timeline, folder = performance.timeline, folder.resolve()
    clips = {**performance.beats, **performance.voice}
    numbers = {name: 1 + number for number, name in enumerate(clips)}
    for name, number in numbers.items():
        sf.write(folder / f"{number}.wav", clips[name].samples, timeline.rate, "PCM_16")
    rows = [f'f {number} 0 0 -1 "{folder}/{number}.wav" 0 0 0' for number in numbers.values()]
    for row in timeline.events:
        name = timeline.sounds[row["sound"]]
        gain = float(row["gain"]) * gain_of(float(row["duck_db"]))
        at = (int(row["frame"]) - timeline.start + 0.25) / timeline.rate  # it rounds down
        length = len(clips[name].samples) / timeline.rate
        rows.append(f"i 1 {at:.9f} {length:.9f} {numbers[name]} {gain:.9f}")
    rows.append(f"e {(timeline.frames - timeline.start) / timeline.rate:.9f}")
    text = CSOUND.format(score="\n".join(rows), music="")
    text = text.replace("-m0", "-m0 --sample-accurate").replace("ksmps = 1000", "ksmps = 64")
    text = text.replace("loscil 1,", "loscil p5,")
    (folder / "session.csd").write_text(text, "ascii")


def prepare_music(session: Path, music: Path) -> None:
    """Prepare music for a session, as an export does before it writes."""
    from cadence_cue.app.music.as_is import prepared_music  # noqa: PLC0415 - decoders
    from cadence_cue.coaching.session import Music  # noqa: PLC0415

    performance = cadence_cue.plan(session, cadence=CADENCE, seed=SEED)
    prepared_music(Music(str(music.resolve())), performance)


def differ(track: Path, other: Path) -> None:
    """Print the level of the difference of two tracks in dBFS; exits if one is longer."""
    power, frames = 0.0, 0
    with sf.SoundFile(track) as one, sf.SoundFile(other) as two:
        if abs(one.frames - two.frames) > BLOCK:
            sys.exit(f"{track} has {one.frames} frames and {other} {two.frames}")
        for first, second in zip(one.blocks(60 * RATE), two.blocks(60 * RATE), strict=False):
            both = min(len(first), len(second))
            power += float(np.sum((first[:both] - second[:both]) ** 2)) / 2
            frames += both
    print(f"{10 * np.log10(power / frames):.1f}")


def callback(folder: Path) -> None:
    """Print the cost of the blocks that the engine fills, for a minute of the job."""
    timeline, renderer = job(folder)
    print(f"callback of {BLOCK} frames, as a share of their duration:")
    for name, level in (("full level", 1.0), ("turned down", 0.5)):
        control = SoundingBlock()
        mixer = Mixer(
            control, {1: Loaded(renderer, Curve(timeline, voice=True), 0, timeline.frames)}, RATE
        )
        control.want(Desired(generation=1, timeline=1, playing=True, beat=level, voice=level))
        out = np.zeros((BLOCK, 2), np.float32)
        costs = np.empty(60 * RATE // BLOCK)
        for index in range(len(costs)):
            before = time.thread_time_ns()
            mixer.fill(out, 0.0, 0, realtime=True)
            costs[index] = time.thread_time_ns() - before
        shares = np.percentile(costs, [50, 99.9]) / (BLOCK / RATE * 1e9)
        print(f"  {name:14} median {shares[0]:.1%}, 99.9th percentile {shares[1]:.1%}")


COMMANDS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "render": render,
    "with-music": render_with_music,
    "count": count,
    "score": score,
    "music": prepare_music,
    "differ": differ,
    "callback": callback,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*map(Path, sys.argv[2:]))
