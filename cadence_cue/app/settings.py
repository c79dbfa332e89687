"""The user's settings and folders.

One TOML file in the user's configuration folder, written atomically. A damaged file is set aside,
never overwritten.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from cadence_cue.app.choices import READERS
from cadence_cue.errors import UserError

V = TypeVar("V")

DEFAULT_CADENCE = 165.0
"""Steps a minute of experienced recreational runners at an easy pace, 165 +- 8 (Eur J Sport Sci
2020, "Individual optimal step frequency during outdoor running"); used until the own is known."""


def config_folder() -> Path:
    """Where the settings live."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_config_path("cadence-cue")


def user_folder() -> Path:
    """Where the user's own sessions and drills live, in `sessions` and `drills`."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_data_path("cadence-cue")


def cache_folder(kind: str = "voice") -> Path | None:
    """Where what was made for this runner is kept; None where there is no home."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    folder = platformdirs.user_cache_path("cadence-cue") / kind
    return folder if folder.is_absolute() else None


@dataclass(frozen=True, slots=True)
class Settings:
    """What this runner chose; levels in decibels, downwards only.

    `sounds` is the folder of the runner's own recordings.
    `still` is a screen without flashes, `keys` pairs of an action's name and the keys that the
    runner gave it. `latency` and `offsets` count milliseconds (an offset is how much later than
    its device says its sound is heard), `block` frames.
    """

    cadence: float | None = None
    voice: str = "af_heart"
    sounds: str = ""
    device: str = ""
    backend: str = ""
    latency: float | None = None
    block: int | None = None
    offsets: tuple[tuple[str, float], ...] = ()
    volume: float = 0.0
    beat_level: float = 0.0
    voice_level: float = 0.0
    music_level: float = 0.0
    duck: float = 6.0
    click: str = "knock"
    theme: str = "dark"
    still: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    mastered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    safety_read: bool = False

    def cadence_spm(self) -> float:
        """Steps a minute: the runner's own, else the default."""
        return self.cadence or DEFAULT_CADENCE

    def with_offset(self, device: str, milliseconds: float) -> Settings:
        """The settings with the offset of one device; 0 takes it away."""
        return replace(self, offsets=_joined(self.offsets, (device, milliseconds)))

    def with_mastered(self, drill: str, *, mastered: bool = True) -> Settings:
        """The settings with this drill among the mastered ones, or without it."""
        others = tuple(name for name in self.mastered if name != drill)
        return replace(self, mastered=(*others, drill) if mastered else others)

    def with_explained(self, drills: Iterable[str]) -> Settings:
        """The settings with these drills among the explained ones."""
        return replace(self, explained=tuple(dict.fromkeys((*self.explained, *drills))))

    def with_keys(self, action: str, keys: str) -> Settings:
        """The settings with other keys for one action; "" takes them away."""
        return replace(self, keys=_joined(self.keys, (action, keys)))


def _joined(pairs: Iterable[tuple[str, V]], pair: tuple[str, V]) -> tuple[tuple[str, V], ...]:
    return tuple(sorted(each for each in {**dict(pairs), pair[0]: pair[1]}.items() if each[1]))


KEYS = tuple(field.name for field in fields(Settings))


def changed(settings: Settings, key: str, value: object) -> Settings:
    """The settings with one value read anew; raises UserError for a value that it is not."""
    if key not in READERS:
        raise UserError(f'there is no setting "{key}"; there are: {", ".join(KEYS)}')
    return replace(settings, **{key: READERS[key](key, value)})  # type: ignore[arg-type]


def load() -> tuple[Settings, str]:
    """The settings, and a notice for the user ("" for none) if the file was damaged."""
    path = config_folder() / "settings.toml"
    settings = Settings()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for key in KEYS:
            if key in data:
                settings = changed(settings, key, data[key])
    except FileNotFoundError:
        return Settings(), ""
    except (UserError, ValueError, RecursionError) as error:  # ValueError: no TOML, no UTF-8
        aside = _free_name(path.with_name("settings.damaged.toml"))
        with contextlib.suppress(OSError):
            path.replace(aside)
            return Settings(), f"The settings were damaged ({error}); they are kept in {aside}."
        return Settings(), f"The settings in {path} are damaged ({error}) and were not used."
    except OSError as error:
        return Settings(), f"The settings in {path} cannot be read: {error.strerror}."
    unknown = ", ".join(sorted(data.keys() - set(KEYS)))
    return settings, f"Settings that are not known here are ignored: {unknown}." if unknown else ""


def save(settings: Settings) -> None:
    """Write the settings; a crash leaves the old or the new file. Raises UserError."""
    import tomli_w  # noqa: PLC0415 - only when something is saved

    path = config_folder() / "settings.toml"
    chosen = {
        key: value
        for key, value in asdict(settings).items()
        if value is not None and value != getattr(Settings(), key)
    }
    for key in ("offsets", "keys"):
        if pairs := getattr(settings, key):
            chosen[key] = dict(pairs)
    try:
        write_atomically(path, tomli_w.dumps(chosen))
    except OSError as error:
        raise UserError(f"the settings in {path} cannot be saved: {error.strerror}") from None


def need_home(path: Path) -> None:
    """Refuse a place below "~", which is what platformdirs gives without a home. Raises OSError."""
    if not path.is_absolute():  # it would become a folder where we stand
        raise FileNotFoundError(errno.ENOENT, "there is no home folder; set HOME")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a small file beside its place, then rename it there; text in UTF-8. Raises OSError."""
    need_home(path)
    path = Path(os.path.realpath(path))  # a link to the file stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _free_name(path: Path) -> Path:
    count = 1
    free = path
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return free
