"""cadence-cue: the running coach in your headphones, exact to the frame.

These functions plan, render and write sessions as the program does on a fresh installation: they
read no settings and no history, and print nothing. `session` is a loaded session, the name of a
built-in one, or the path of a session file. All of them take the same options:

* `cadence`: the runner's own cadence, in steps per minute of both feet
* `rate`: the sample rate, in frames per second
* `seed`: determines which cues are chosen; by default today's date as a number, such as 20261129
* `voice`: the name of the voice
* `explain`: whether each drill is explained first; by default as the session says

They raise UserError for a mistake in a session or an option.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.errors import UserError
from cadence_cue.timing import RATE

if TYPE_CHECKING:
    from os import PathLike

    import numpy as np
    import numpy.typing as npt

    from cadence_cue.app.preparing import Prepared
    from cadence_cue.coaching.session import Session
    from cadence_cue.sound.bed import Underneath
    from cadence_cue.studio import Performance
    from cadence_cue.timing.timeline import Timeline

__all__ = ["UserError", "__version__", "blocks", "export", "load_session", "plan", "render"]
__version__ = "0.1.0"

# Each function imports what it needs: `--help` imports this package too and must stay fast.


def load_session(name_or_path: str | PathLike[str]) -> Session:
    """Load the built-in session of this name, or else a session file. Raises UserError."""
    from cadence_cue.coaching.catalogue import built_in_sessions, load_library
    from cadence_cue.coaching.session_file import load
    from cadence_cue.errors import hint, shown

    name, sessions = str(name_or_path), built_in_sessions()
    path = sessions.get(name, Path(name_or_path))
    if name not in sessions and not path.suffix and not path.exists():
        raise UserError(f"there is no session {shown(name)}", way_out=hint(name, sessions))
    return load(path, load_library())


def plan(
    session: Session | str | PathLike[str],
    *,
    cadence: float | None = None,
    rate: int = RATE,
    seed: int | None = None,
    voice: str | None = None,
    explain: bool | None = None,
) -> Performance:
    """Return the session as the runner will hear it; its `timeline` lists every sound by frame."""
    return _prepared(session, cadence, rate, seed, voice, explain).performance


def blocks(
    session: Session | str | PathLike[str],
    *,
    cadence: float | None = None,
    rate: int = RATE,
    seed: int | None = None,
    voice: str | None = None,
    explain: bool | None = None,
) -> Iterator[npt.NDArray[np.float32]]:
    """Return the sound in blocks of at most 65536 frames, each of shape (frames, 2), full scale 1.

    Joined, they equal what `render` returns, sample for sample. Mistakes are raised by the call,
    before the first block is made.
    """
    from cadence_cue.app.music.under import music_under
    from cadence_cue.app.options import music_of
    from cadence_cue.transport.following import mixed

    performance = _prepared(session, cadence, rate, seed, voice, explain).performance
    music = music_of(performance.session)
    timeline, bed = performance.timeline, None
    if music:
        timeline, bed = mixed(music_under(music, performance), performance, timeline)
    return _rendered(performance, timeline, bed)


def _rendered(
    performance: Performance, timeline: Timeline, music: Underneath | None
) -> Iterator[npt.NDArray[np.float32]]:
    import numpy as np

    from cadence_cue.export.writer import BLOCK
    from cadence_cue.sound.mix import in_both_ears, mix

    sound = mix(timeline, performance.beats, performance.voice, music=music)
    with sound as (fill, channels):
        for first in range(timeline.start, timeline.frames, BLOCK):
            ears = np.empty((min(BLOCK, timeline.frames - first), 2), np.float32)
            if channels == 2:
                fill(first, ears)
            else:
                mono = np.empty(len(ears), np.float32)
                fill(first, mono)
                in_both_ears(mono, ears)
            yield ears


def render(
    session: Session | str | PathLike[str],
    *,
    cadence: float | None = None,
    rate: int = RATE,
    seed: int | None = None,
    voice: str | None = None,
    explain: bool | None = None,
) -> npt.NDArray[np.float32]:
    """Return the whole sound, of shape (frames, 2), full scale 1: 23 MB a minute at 48000 Hz.

    It equals a 32-bit WAV export with the same options, sample for sample.
    """
    import numpy as np

    pieces = blocks(session, cadence=cadence, rate=rate, seed=seed, voice=voice, explain=explain)
    return np.concatenate(list(pieces))


def export(
    session: Session | str | PathLike[str],
    path: str | PathLike[str],
    *,
    cadence: float | None = None,
    rate: int = RATE,
    seed: int | None = None,
    voice: str | None = None,
    explain: bool | None = None,
    bits: int | None = None,
    force: bool = False,
) -> Path:
    """Write the session to an audio file and return its path; the name's ending sets the format.

    `bits` is the sample size of WAV and FLAC files (32 is floating point); `force` replaces an
    existing file. If anything fails, no incomplete file is left behind.
    """
    from cadence_cue.app.options import FileOptions, PerformanceOptions, music_of
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.tracks.export_job import ExportRequest, plan_export
    from cadence_cue.coaching.catalogue import load_library
    from cadence_cue.errors import WayOut

    loaded = _loaded(session)
    options = PerformanceOptions(cadence=cadence, seed=seed, voice=voice, explain=explain)
    files = FileOptions(rate=rate, bits=bits, force=force)
    request = ExportRequest(loaded, Path(path), options, files, music_of(loaded))
    try:
        plan_export(request, load_library(), Settings()).write(lambda _share: None)
    except UserError as error:
        if error.way_out is not WayOut.REPLACE:
            raise
        raise UserError(error.what, where=error.where, way_out="force=True replaces it") from None
    return Path(path)


def _loaded(session: Session | str | PathLike[str]) -> Session:
    from cadence_cue.coaching.session import Session

    return session if isinstance(session, Session) else load_session(session)


def _prepared(
    session: Session | str | PathLike[str],
    cadence: float | None,
    rate: int,
    seed: int | None,
    voice: str | None,
    explain: bool | None,
) -> Prepared:
    from cadence_cue.app.options import PerformanceOptions
    from cadence_cue.app.preparing import prepare
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.catalogue import load_library

    options = PerformanceOptions(cadence=cadence, seed=seed, voice=voice, explain=explain)
    return prepare(_loaded(session), load_library(), Settings(), options, live=False, rate=rate)
