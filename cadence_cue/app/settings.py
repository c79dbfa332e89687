"""The user's settings and folders.

They are one TOML file in the user's configuration folder. A change is applied to what the file
holds at that moment, so that processes that change different settings lose none. A damaged file is
renamed, never overwritten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from cadence_cue import storage
from cadence_cue.app.choices import FROM_KEYS, READERS
from cadence_cue.errors import UserError

V = TypeVar("V")

DEFAULT_CADENCE = 165.0
"""Steps a minute, used until the runner's own cadence is known: experienced recreational runners at
an easy pace take 165 +- 8 (Eur J Sport Sci 2020, "Individual optimal step frequency during outdoor
running")."""


def config_folder() -> Path:
    """The folder of the settings file."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_config_path("cadence-cue")


def user_folder() -> Path:
    """The folder of the user's history, with the folders `sessions` and `drills`."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_data_path("cadence-cue")


def state_folder() -> Path:
    """The folder of what is kept from one start to the next and is not the user's own work."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    return platformdirs.user_state_path("cadence-cue")


def cache_folder(kind: str = "voice") -> Path | None:
    """The cache folder for one kind of data; None if there is no home folder."""
    import platformdirs  # noqa: PLC0415 - not needed for --help

    folder = platformdirs.user_cache_path("cadence-cue") / kind
    return folder if folder.is_absolute() else None


def clear_left_overs() -> None:
    """Delete the unfinished files that killed processes left in our folders and in TMPDIR."""
    storage.clear_temporary()
    state = state_folder()
    folders = (config_folder(), user_folder(), user_folder() / "sessions", state, state / "drafts")
    caches = map(cache_folder, ("voice", "beds", "beats", "spans"))
    for folder in (*folders, *caches):
        if folder is not None:
            storage.clear(folder)


def assumed(cadence: float) -> str:
    """Return the sentence about a cadence that is used because the runner's own is not known."""
    return f"Your own cadence is not set: {cadence:g} steps a minute is used."


@dataclass(frozen=True, slots=True)
class Settings:
    """The runner's settings.

    `cadence` is steps a minute of both feet. Levels are decibels, 0 or below. `sounds` is the
    folder of the runner's own recordings. `still` turns off the flashing lamps. `fixed`
    keeps drills at their sessions' tempos. `keys` are pairs
    of an action's name and its keys. `latency` and `offsets` are milliseconds (an offset is how
    much later a device is heard than it reports), `block` is frames. `round_trips` are milliseconds
    from making a sound to hearing it again, for a `pair` of devices; `taps` how late the runner's
    taps usually are to the clicks of a device. `listen` is where the screen takes steps from.
    """

    cadence: float | None = None
    voice: str = "af_heart"
    sounds: str = ""
    device: str = ""
    backend: str = ""
    latency: float | None = None
    block: int | None = None
    offsets: tuple[tuple[str, float], ...] = ()
    listen: str = FROM_KEYS
    microphone: str = ""
    round_trips: tuple[tuple[str, float], ...] = ()
    taps: tuple[tuple[str, float], ...] = ()
    volume: float = 0.0
    beat_level: float = 0.0
    voice_level: float = 0.0
    music_level: float = 0.0
    duck: float = 6.0
    click: str = "knock"
    theme: str = "dark"
    still: bool = False
    fixed: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    mastered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    safety_read: bool = False

    def cadence_spm(self) -> float:
        """The runner's own cadence in steps a minute, else the default."""
        return self.cadence or DEFAULT_CADENCE

    def own_cadence(self) -> str:
        """The runner's own cadence in a few words, to stand beside another."""
        return f"own cadence {self.cadence:g}" if self.cadence else "yours is not set"

    def with_delay(self, table: str, name: str, milliseconds: float) -> Settings:
        """The settings with a value in one of DELAYS; 0 removes it."""
        changed: Any = {table: _joined(getattr(self, table), (name, milliseconds))}
        return replace(self, **changed)

    def with_mastered(self, drill: str, *, mastered: bool = True) -> Settings:
        """The settings with this drill mastered, or not."""
        others = tuple(name for name in self.mastered if name != drill)
        return replace(self, mastered=(*others, drill) if mastered else others)

    def with_explained(self, drills: Iterable[str]) -> Settings:
        """The settings with these drills marked as explained."""
        return replace(self, explained=tuple(dict.fromkeys((*self.explained, *drills))))

    def with_keys(self, action: str, keys: str) -> Settings:
        """The settings with these keys for one action; "" restores the default."""
        return replace(self, keys=_joined(self.keys, (action, keys)))


def pair(output: str, microphone: str) -> str:
    """The name of two devices in `Settings.round_trips`."""
    return f"{output} > {microphone}"


def delays_of(settings: Settings, table: str, device: str) -> list[tuple[str, float]]:
    """Return what one of DELAYS tells of an output, and of its pairs with microphones."""
    return [
        (name, milliseconds)
        for name, milliseconds in getattr(settings, table)
        if name == device or name.startswith(pair(device, ""))
    ]


def _joined(pairs: Iterable[tuple[str, V]], pair: tuple[str, V]) -> tuple[tuple[str, V], ...]:
    return tuple(sorted(each for each in {**dict(pairs), pair[0]: pair[1]}.items() if each[1]))


DELAYS = ("offsets", "round_trips", "taps")
"""The settings that are tables of milliseconds."""

KEYS = tuple(field.name for field in fields(Settings))


def changed(settings: Settings, key: str, value: object) -> Settings:
    """The settings with one value changed. Raises UserError for an invalid key or value."""
    if key not in READERS:
        raise UserError(f'there is no setting "{key}"; there are: {", ".join(KEYS)}')
    return replace(settings, **{key: READERS[key](key, value)})  # type: ignore[arg-type]


def load() -> tuple[Settings, str]:
    """Load the settings, with a notice for the user about what was damaged or ignored, or ""."""
    try:
        return _read()
    except OSError as error:
        return Settings(), f"The settings in {_file()} cannot be read: {error.strerror}."
    except _DamagedError:
        pass
    try:
        with storage.locked(config_folder()):  # so that only what is still damaged is moved
            return _read_or_move()
    except (OSError, _DamagedError) as error:
        return Settings(), f"The settings in {_file()} are damaged ({error}) and were not used."


def change(update: Callable[[Settings], Settings]) -> Settings:
    """Apply a change to the saved settings and return the new ones. Raises UserError.

    A crash leaves either the old file or the new one.
    """
    try:
        with storage.locked(config_folder()):
            settings, _ = _read_or_move()
            new = update(settings)
            if new != settings:
                storage.write(_file(), _written(new))
    except (OSError, _DamagedError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"they are damaged: {error}"
        raise UserError(f"the settings in {_file()} cannot be saved: {reason}") from None
    return new


class _DamagedError(Exception):
    """The file does not hold settings; the text says why."""


def _read_or_move() -> tuple[Settings, str]:
    """Do what `_read` does, but move a damaged file aside. Raises OSError and _DamagedError."""
    try:
        return _read()
    except _DamagedError as error:
        backup = _free_name(_file().with_name("settings.damaged.toml"))
        try:
            _file().replace(backup)
        except OSError:
            raise error from None
        return Settings(), f"The settings were damaged ({error}); they are kept in {backup}."


def _read() -> tuple[Settings, str]:
    """Return the saved settings and a notice, or "". Raises OSError and _DamagedError."""
    settings = Settings()
    try:
        data = tomllib.loads(_file().read_text(encoding="utf-8"))
        for key in KEYS:
            if key in data:
                settings = changed(settings, key, data[key])
    except FileNotFoundError:
        return Settings(), ""
    except (UserError, ValueError, RecursionError) as error:  # ValueError: not TOML or not UTF-8
        raise _DamagedError(str(error)) from None
    unknown = ", ".join(sorted(data.keys() - set(KEYS)))
    return settings, f"Unknown settings are ignored: {unknown}." if unknown else ""


def _written(settings: Settings) -> str:
    """The settings that are not the defaults, as TOML."""
    import tomli_w  # noqa: PLC0415 - only needed to save

    chosen = {
        key: value
        for key, value in asdict(settings).items()
        if value is not None and value != getattr(Settings(), key)
    }
    for key in (*DELAYS, "keys"):
        if pairs := getattr(settings, key):
            chosen[key] = dict(pairs)
    return tomli_w.dumps(chosen)


def _file() -> Path:
    return config_folder() / "settings.toml"


def _free_name(path: Path) -> Path:
    count = 1
    free = path
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return free
