"""Session files with one mistake each: what a person may mistype, and what no person would write.

MALFORMED maps a name to the bytes of the file; write_corpus puts all of them into a folder, with
the mistakes that are no bytes: folders, pipes, loops of links, files of gigabytes.
"""

from __future__ import annotations

import os
from pathlib import Path

TITLE = 'title = "Test"\n'
START = TITLE + '[[phase]]\ndrill = "perception"\ntime = "45s"\n'
"""Four lines; what follows begins in line 5."""


def _phase(keys: str) -> bytes:
    return f"{START}[[phase]]\n{keys}\n".encode()


def _session(keys: str) -> bytes:
    return START.replace(TITLE, TITLE + keys + "\n").encode()


def _part(keys: str) -> bytes:
    return _phase(f'repeat = 2\n[[phase.part]]\nwalk = ""\ntime = "5s"\n[[phase.part]]\n{keys}')


_BINARY = bytes(range(256)) * 8

MALFORMED: dict[str, bytes] = {
    # no TOML at all
    "empty": b"",
    "only a comment": b"# nothing\n",
    "binary": _BINARY,
    "an MP3's start": b"ID3\x04\x00\x00\x00\x00\x00\x23TSSE\x00\x00\x00\x0f\x00\x00\x03Lavf",
    "zeros": bytes(4096),
    "UTF-16": START.encode("utf-16"),
    "Latin-1": TITLE.encode() + 'summary = "Überholt"\n'.encode("latin-1"),
    "JSON": b'{"title": "Test", "phase": []}',
    "prose": b"Run for five minutes.\nThen walk home.\n",
    "unclosed string": START.encode() + b'note = "never ends\n',
    "unclosed table": START.encode() + b"[[phase]\nwalk = ''\n",
    "unclosed array": _phase('run = ""\ntime = "5s"\nwords = ["a",'),
    "unclosed multi-line string": _phase('run = """\ntime = "5s"'),
    "no value": _phase("run ="),
    "no quotes": _phase('run = ""\ntime = 5min'),
    "same key twice": _phase('run = ""\ntime = "5s"\ntime = "6s"'),
    "control character": _phase('run = "a\x01b"'),
    "lone carriage returns": START.replace("\n", "\r").encode(),
    "deep arrays": b"title = " + b"[" * 500_000,
    "deep inline tables": b"title = " + b"{a=" * 250_000,
    "deep dotted key": b"a" + b".a" * 500_000 + b" = 1\n",
    "deep dotted header": b"[a" + b".a" * 500_000 + b"]\n",
    "many deep keys": b"\n".join(b"b%d" % n + b".a" * 1990 + b" = 1" for n in range(250)),
    "a number of 10,000 digits": TITLE.encode() + b"seed = " + b"9" * 10_000 + b"\n",
    "a hexadecimal number of 1 MB": TITLE.encode() + b"seed = 0x" + b"f" * 1_000_000 + b"\n",
    "too large": START.encode() + b"#" * (1 << 20),
    # the session's keys
    "no phase": TITLE.encode(),
    "no title": START.replace(TITLE, "").encode(),
    "empty title": START.replace("Test", " ").encode(),
    "title is a number": START.replace('"Test"', "5").encode(),
    "title too long": START.replace("Test", "x" * 201).encode(),
    "title of two lines": START.replace('"Test"', '"a\\nb"').encode(),
    "unknown session key": _session('sumary = "x"'),
    "unknown session key, nothing near": _session("zzz = 1"),
    "unknown session table": _session("[tags]\nfile = 'x.mp3'"),
    "music is a text": _session("music = 'x.mp3'"),
    "music without a file": _session("[music]\nlevel = '-6 dB'"),
    "music with another key": _session("[music]\nfile = 'x.mp3'\nlevl = '-6 dB'"),
    "music is too loud": _session("[music]\nfile = 'x.mp3'\nlevel = '+7 dB'"),
    "music under both names": _session("[bed]\nfile = 'x.mp3'\n[music]\nfile = 'x.mp3'"),
    "music shuffled by a number": _session("[music]\nfile = 'x.mp3'\nshuffle = 3"),
    "music looped by a number": _session("[music]\nfile = 'x.mp3'\nloop = 3"),
    "music with a click that ends": _session("[music]\nfile = 'x.mp3'\nclick = 'off'"),
    "phase key above the phases": _session('time = "5s"'),
    "session key in a phase": _phase('run = ""\ntime = "5s"\nlevel = "easy"'),
    "unknown level": _session('level = "eazy"'),
    "level is a list": _session('level = ["easy"]'),
    "place is a text": _session('place = "home"'),
    "unknown place": _session('place = ["home", "beach"]'),
    "place of numbers": _session("place = [1]"),
    "explain is a flag": _session("explain = true"),
    "get_ready too long": _session('get_ready = "61s"'),
    "get_ready is a number": _session("get_ready = 10"),
    "seed negative": _session("seed = -1"),
    "seed too large": _session("seed = 9223372036854775808"),
    "seed is a fraction": _session("seed = 1.5"),
    "seed is a flag": _session("seed = true"),
    "announce is a text": _session('announce = "yes"'),
    "announce of a session, mistyped": _session('announce = ["next", "setup"]'),
    "count_in_voice of a session is a text": _session('count_in_voice = "yes"'),
    "countdown of 7": _session('countdown = "10 7"'),
    "countdown is true": _session("countdown = true"),
    "summary is a date": _session("summary = 2024-01-01"),
    "phase is a table": TITLE.encode() + b"[phase]\nrun = ''\ntime = '5s'\n",
    "phase is a text": TITLE.encode() + b"phase = 'run'\n",
    "phases are texts": TITLE.encode() + b"phase = ['run']\n",
    "phases are none": TITLE.encode() + b"phase = []\n",
    "inline phases": TITLE.encode() + b'phase = [{ run = "", time = "5s", tempoo = 160 }]\n',
    # a phase's keys
    "cues twice": _phase('run = ""\ntime = "5s"\ntempo = 170\ncues = ["toe-taps", "toe-taps"]'),
    "unknown key": _phase('run = "Easy"\ntime = "5s"\ntempoo = 160'),
    "unknown key, nothing near": _phase('run = "Easy"\ntime = "5s"\nqqq = 160'),
    "chant is true": _phase('drill = "toe-taps"\nside = "left"\ntime = "5s"\nchant = true'),
    "chant of one word": _phase('drill = "toe-taps"\nside = "left"\ntime = "5s"\nchant = "up"'),
    "chant of five words": _phase(
        'drill = "toe-taps"\nside = "left"\ntime = "5s"\nchant = "a · b · c · d · e"'
    ),
    "chant of a run": _phase('run = ""\ntime = "5s"\ntempo = 160\nchant = "pull · up"'),
    "stride of a standing drill": _phase('drill = "perception"\ntime = "5s"\nstride = "left"'),
    "stride of one leg": _phase(
        'drill = "toe-taps"\nside = "left"\ntime = "5s"\ntempo = 80\nstride = "left"'
    ),
    "stride of both": _phase('run = ""\ntime = "5s"\ntempo = 160\nstride = "both"'),
    "stride mistyped": _phase('run = ""\ntime = "5s"\ntempo = 160\nstride = "lfet"'),
    "stride without a tempo": _phase('walk = ""\ntime = "5s"\nstride = "left"'),
    "glide into a ramp": _phase('run = ""\ntime = "50s"\ntempo = "160 -> 170"\nglide = "8 beats"'),
    "glide into a fade": _phase(
        'run = ""\ntime = "50s"\ntempo = 160\nbeat = "fade"\nglide = "8 beats"'
    ),
    "glide of seconds": _phase('run = ""\ntime = "50s"\ntempo = 160\nglide = "8s"'),
    "glide of 65 beats": _phase('run = ""\ntime = "50s"\ntempo = 160\nglide = "65 beats"'),
    "glide without a tempo": _phase('walk = ""\ntime = "50s"\nglide = "8 beats"'),
    "count_in_voice is a number": _phase('run = ""\ntime = "5s"\ntempo = 160\ncount_in_voice = 4'),
    "announce of what there is not": _phase('run = ""\ntime = "5s"\nannounce = ["tempi"]'),
    "announce of nothing near": _phase('run = ""\ntime = "5s"\nannounce = ["zzz"]'),
    "sub-table": _phase('run = "Easy"\ntime = "5s"\n[phase.extra]\na = 1'),
    "no kind": _phase('time = "5s"'),
    "two kinds": _phase('run = ""\nwalk = ""\ntime = "5s"'),
    "unknown drill": _phase('drill = "toe-tap"\ntime = "5s"'),
    "drill is a number": _phase('drill = 3\ntime = "5s"'),
    "unknown variant": _phase('drill = "perception"\nvariant = "eyes close"\ntime = "5s"'),
    "variant of a drill without": _phase('drill = "toe-taps"\nvariant = "slow"\ntime = "5s"'),
    "variant of a run": _phase('run = ""\nvariant = "slow"\ntime = "5s"'),
    "unknown side": _phase('drill = "toe-taps"\nside = "lefft"\ntime = "5s"'),
    "side of a drill without": _phase('drill = "perception"\nside = "left"\ntime = "5s"'),
    "side of a walk": _phase('walk = ""\nside = "left"\ntime = "5s"'),
    "run is a flag": _phase('run = true\ntime = "5s"'),
    "talk says nothing": _phase('talk = " "\ntime = "5s"'),
    "talk too long": _phase(f'talk = "{"x" * 201}"\ntime = "5s"'),
    "talk is a list": _phase('talk = ["a", "b"]\ntime = "5s"'),
    "no time": _phase('run = ""'),
    "time is a number": _phase('run = ""\ntime = 45'),
    "time in m": _phase('run = ""\ntime = "10m"'),
    "time of nothing": _phase('run = ""\ntime = "0s"'),
    "time negative": _phase('run = ""\ntime = "-5s"'),
    "time empty": _phase('run = ""\ntime = ""'),
    "time too long": _phase('run = ""\ntime = "7h"'),
    "time of 30 digits": _phase('run = ""\ntime = "999999999999999999999999999999s"'),
    "time with an exponent": _phase('run = ""\ntime = "1e9s"'),
    "time in Arabic digits": _phase('run = ""\ntime = "٤٥s"'),
    "time is a time of day": _phase('run = ""\ntime = 00:05:00'),
    "no beats": _phase('run = ""\ntime = "0 beats"\ntempo = 160'),
    "too many beats": _phase('run = ""\ntime = "108001 beats"\ntempo = 160'),
    "beats without a tempo": _phase('run = ""\ntime = "64 beats"'),
    "tempo too slow": _phase('run = ""\ntime = "5s"\ntempo = 19'),
    "tempo too fast": _phase('run = ""\ntime = "5s"\ntempo = 300.5'),
    "tempo negative": _phase('run = ""\ntime = "5s"\ntempo = -160'),
    "tempo is not a number": _phase('run = ""\ntime = "5s"\ntempo = nan'),
    "tempo is infinite": _phase('run = ""\ntime = "5s"\ntempo = -inf'),
    "tempo is a power": _phase('run = ""\ntime = "5s"\ntempo = 1e400'),
    "tempo is a word": _phase('run = ""\ntime = "5s"\ntempo = "fast"'),
    "tempo is a list": _phase('run = ""\ntime = "5s"\ntempo = [160, 172]'),
    "tempo is true": _phase('run = ""\ntime = "5s"\ntempo = true'),
    "tempo is a huge number": _phase(f'run = ""\ntime = "5s"\ntempo = 0x{"f" * 9000}'),
    "share without a sign": _phase('run = ""\ntime = "5s"\ntempo = "5%"'),
    "share too large": _phase('run = ""\ntime = "5s"\ntempo = "+101%"'),
    "ramp without an end": _phase('run = ""\ntime = "5s"\ntempo = "160 ->"'),
    "ramp of three": _phase('run = ""\ntime = "5s"\ntempo = "160 -> 165 -> 170"'),
    "ramp too fast": _phase('run = ""\ntime = "5s"\ntempo = "160 -> 1720"'),
    "beat unknown": _phase('run = ""\ntime = "5s"\ntempo = 160\nbeat = "loud"'),
    "beat is a flag": _phase('run = ""\ntime = "5s"\ntempo = 160\nbeat = false'),
    "beat of no beats": _phase('run = ""\ntime = "5s"\ntempo = 160\nbeat = "0 on, 4 off"'),
    "beat without a tempo": _phase('walk = ""\ntime = "5s"\nbeat = "off"'),
    "accent of 6": _phase('run = ""\ntime = "5s"\ntempo = 160\naccent = 6'),
    "accent is true": _phase('run = ""\ntime = "5s"\ntempo = 160\naccent = true'),
    "accent without a tempo": _phase('rest = ""\ntime = "5s"\naccent = 4'),
    "level up": _phase('run = ""\ntime = "5s"\nvoice_level = "+3 dB"'),
    "level too low": _phase('run = ""\ntime = "5s"\nvoice_level = "-61 dB"'),
    "level is a number": _phase('run = ""\ntime = "5s"\ntempo = 160\nbeat_level = -12'),
    "beat_level without a tempo": _phase('talk = "a"\ntime = "5s"\nbeat_level = "-3 dB"'),
    "cues is a text": _phase('run = ""\ntime = "5s"\ncues = "lean"'),
    "unknown cues": _phase('run = ""\ntime = "5s"\ncues = ["arms", "leen"]'),
    "deep cues": _phase('run = ""\ntime = "5s"\ncues = [[["lean"]]]'),
    "empty word": _phase('run = ""\ntime = "5s"\nwords = ["Tall", ""]'),
    "words of numbers": _phase('run = ""\ntime = "5s"\nwords = [1, 2]'),
    "cue_every of nothing": _phase('run = ""\ntime = "5s"\ncue_every = "0s"'),
    "cue_every in beats without a tempo": _phase('run = ""\ntime = "5s"\ncue_every = "8 beats"'),
    "say is a table": _phase('run = ""\ntime = "5s"\nsay = { at = "1s", text = "a" }'),
    "say without text": _phase('run = ""\ntime = "5s"\nsay = [{ at = "1s" }]'),
    "say at a number": _phase('run = ""\ntime = "5s"\nsay = [{ at = 1, text = "a" }]'),
    "say nothing": _phase('run = ""\ntime = "5s"\nsay = [{ at = "1s", text = "" }]'),
    "say at the end": _phase('run = ""\ntime = "5s"\nsay = [{ at = "5s", text = "a" }]'),
    "say before the start": _phase('run = ""\ntime = "5s"\nsay = [{ at = "-6s", text = "a" }]'),
    "announce is a number": _phase('run = ""\ntime = "5s"\nannounce = 1'),
    "announce nothing": _phase('run = ""\ntime = "5s"\nannounce = ""'),
    "count_in of 17": _phase('run = ""\ntime = "5s"\ntempo = 160\ncount_in = 17'),
    "count_in of 0": _phase('run = ""\ntime = "5s"\ntempo = 160\ncount_in = 0'),
    "count_in is true": _phase('run = ""\ntime = "5s"\ntempo = 160\ncount_in = true'),
    "count_in without a tempo": _phase('walk = ""\ntime = "5s"\ncount_in = 4'),
    "countdown is a number": _phase('run = ""\ntime = "30s"\ncountdown = 10'),
    "countdown longer than the phase": _phase('run = ""\ntime = "5s"\ncountdown = "10"'),
    "note too long": _phase(f'run = ""\ntime = "5s"\nnote = "{"x" * 201}"'),
    # repeats
    "a billion repeats": _phase('repeat = 1000000000\n[[phase.part]]\nwalk = ""\ntime = "1s"'),
    "no repeats": _phase('repeat = 0\n[[phase.part]]\nwalk = ""\ntime = "1s"'),
    "repeat is a text": _phase('repeat = "4"\n[[phase.part]]\nwalk = ""\ntime = "1s"'),
    "repeat is a fraction": _phase('repeat = 2.0\n[[phase.part]]\nwalk = ""\ntime = "1s"'),
    "repeat without parts": _phase("repeat = 4"),
    "repeat with a time": _phase('repeat = 4\ntime = "5s"'),
    "repeat and run": _phase('repeat = 4\nrun = ""\n[[phase.part]]\nwalk = ""\ntime = "1s"'),
    "parts without a repeat": _phase('run = ""\ntime = "5s"\n[[phase.part]]\nwalk = ""'),
    "parts are a number": _phase("repeat = 4\npart = 5"),
    "part is a table": _phase('repeat = 4\n[phase.part]\nwalk = ""\ntime = "1s"'),
    "parts are numbers": _phase("repeat = 4\npart = [5]"),
    "repeat in a repeat": _part("repeat = 3"),
    "deep repeats": _phase("repeat = 2\n" + "part = [{ repeat = 2, " * 200 + "}]" * 200),
    "mistake in a part": _part('run = ""\ntime = "5s"\ntempo = "quick"'),
    "session key in a part": _part('run = ""\ntime = "5s"\nseed = 1'),
    "too many phases": _part('run = ""\ntime = "1s"').replace(b"repeat = 2", b"repeat = 1000"),
    "100,000 phases": TITLE.encode() + b"[[phase]]\n" * 100_000,
    "too long in all": _part('run = ""\ntime = "6h"'),
    # the rules
    "first drill": TITLE.encode() + b'[[phase]]\ndrill = "toe-taps"\ntime = "5s"\n',
    "toe-taps-dynamic alone": _phase('drill = "toe-taps-dynamic"\ntime = "5s"'),
    "cycle-running alone": _phase('drill = "cycle-running"\ntime = "5s"'),
    "eyes closed moving": _phase('drill = "high-knees"\nvariant = "eyes closed"\ntime = "5s"'),
    "eyes closed on a treadmill": _session('place = ["treadmill"]').replace(
        b'"perception"\n', b'"perception"\nvariant = "eyes closed"\n'
    ),
    "both in 6 s": _phase('drill = "toe-taps"\nside = "both"\ntime = "6s"'),
    "both in beats": _phase('drill = "toe-taps"\nside = "both"\ntime = "64 beats"'),
    "fall in 10 s": _phase('drill = "fall-to-run"\ntime = "10s"'),
    "fall counted in": _phase('drill = "fall-to-run"\ntime = "20s"\ncount_in = 4'),
    "fall in beats": _phase('drill = "fall-to-run"\ntime = "64 beats"'),
}


def write_corpus(folder: Path) -> list[Path]:
    """Write every mistake into an empty folder; the paths, of which some do not exist."""
    paths = []
    for number, content in enumerate(MALFORMED.values()):
        paths.append(folder / f"{number:03}.toml")
        paths[-1].write_bytes(content)
    return paths + list(write_special(folder).values())


def write_special(folder: Path) -> dict[str, Path]:
    """Make what cannot be opened as a session file, by name."""
    paths = {
        name: folder / f"{name}.toml"
        for name in (
            "missing",
            "folder",
            "fifo",
            "loop",
            "dangling",
            "gigabytes",
            "device",
            "below-a-file",
        )
    }
    paths["below-a-file"] = folder / "gigabytes.toml" / "x.toml"
    paths["long-name"] = folder / ("x" * 5000)
    paths["nul"] = folder / "a\0b.toml"
    paths["newline"] = folder / "a\nb.toml"
    paths["folder"].mkdir()
    os.mkfifo(paths["fifo"])
    other = folder / "loop2.toml"
    paths["loop"].symlink_to(other)
    other.symlink_to(paths["loop"])
    paths["dangling"].symlink_to(folder / "nowhere.toml")
    paths["device"].symlink_to("/dev/zero")
    with paths["gigabytes"].open("wb") as file:
        file.truncate(8 << 30)  # sparse: takes no space
    return paths
