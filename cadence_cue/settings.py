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
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

DEFAULT_CADENCE = 165.0
"""Steps a minute of experienced recreational runners at an easy pace, 165 +- 8 (Eur J Sport Sci
2020, "Individual optimal step frequency during outdoor running"); used until the own is known."""


class SettingsError(ValueError):
    """A setting that cannot be used; its text is the one clear sentence."""


def config_folder() -> Path:
    """Where the settings live."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_config_path("cadence-cue")


def own_folder() -> Path:
    """Where the user's own sessions and drills live, in `sessions` and `drills`."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_data_path("cadence-cue")


@dataclass(frozen=True, slots=True)
class Settings:
    """What this runner chose; levels in decibels, downwards only."""

    cadence: float | None = None
    voice: str = "af_heart"
    device: str = ""
    volume: float = 0.0
    beat_level: float = 0.0
    voice_level: float = 0.0
    duck: float = 6.0
    mastered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    safety_read: bool = False

    def own_cadence(self) -> float:
        """Steps a minute: the runner's own, else the default."""
        return self.cadence or DEFAULT_CADENCE


def _number(low: float, high: float) -> Callable[[str, object], float]:
    def read(key: str, value: object) -> float:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = float("nan")
        if isinstance(value, bool) or not low <= number <= high:
            raise SettingsError(
                f'setting "{key}": expected a number from {low:g} to {high:g}, not {value!r}'
            )
        return number

    return read


def _duck(key: str, value: object) -> float:
    number = _number(0, 12)(key, value)
    if number not in (6, 9, 12):
        raise SettingsError(f'setting "{key}": expected 6, 9 or 12 (decibels), not {value!r}')
    return number


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError(f'setting "{key}": expected a text, not {value!r}')
    return value


def _names(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [name.strip() for name in value.split(",") if name.strip()]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsError(f'setting "{key}": expected a list of drills, not {value!r}')
    return tuple(value)


def _flag(key: str, value: object) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    answer = value if isinstance(value, bool) else words.get(str(value).lower())
    if answer is None:
        raise SettingsError(f'setting "{key}": expected true or false, not {value!r}')
    return answer


_READERS: dict[str, Callable[[str, object], object]] = {
    "cadence": _number(110, 240),
    "voice": _text,
    "device": _text,
    "volume": _number(-60, 0),
    "beat_level": _number(-60, 0),
    "voice_level": _number(-60, 0),
    "duck": _duck,
    "mastered": _names,
    "explained": _names,
    "safety_read": _flag,
}

UNITS = {
    "cadence": " steps a minute",
    "volume": " dB",
    "beat_level": " dB",
    "voice_level": " dB",
    "duck": " dB",
}
"""What the numbers among the settings count."""

KEYS = tuple(field.name for field in fields(Settings))


def changed(settings: Settings, key: str, value: object) -> Settings:
    """The settings with one value read anew; raises SettingsError for a value that it is not."""
    if key not in _READERS:
        raise SettingsError(f'there is no setting "{key}"; there are: {", ".join(KEYS)}')
    return replace(settings, **{key: _READERS[key](key, value)})  # type: ignore[arg-type]


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
    except (ValueError, RecursionError) as error:
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
    """Write the settings; a crash leaves the old or the new file. Raises SettingsError."""
    import tomli_w  # noqa: PLC0415 - only when something is saved

    path = config_folder() / "settings.toml"
    chosen = {
        key: value
        for key, value in asdict(settings).items()
        if value is not None and value != getattr(Settings(), key)
    }
    try:
        write_atomically(path, tomli_w.dumps(chosen))
    except OSError as error:
        raise SettingsError(f"the settings in {path} cannot be saved: {error.strerror}") from None


def write_atomically(path: Path, text: str) -> None:
    """Write a small text file beside its place, then rename it there. Raises OSError."""
    if not path.is_absolute():  # platformdirs found no home: "~" would become a folder here
        raise FileNotFoundError(errno.ENOENT, "there is no home folder; set HOME")
    path = Path(os.path.realpath(path))  # a link to the file stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
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
