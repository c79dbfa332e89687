"""Commands for the runner's own sessions, cadence, mastered drills and settings."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import click

from cadence_cue.app import settings as settings_file
from cadence_cue.app.choices import COUNTS, UNITS, counted
from cadence_cue.app.invocation import command
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import DELAYS, KEYS, Settings, changed, user_folder
from cadence_cue.cli import shared
from cadence_cue.cli.rehearse import DrillName, find_drill
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import shown


@click.command("new")
@click.argument("name")
@click.option(
    "--from", "model", type=shared.SessionName(), help="Start from a copy of this session."
)
@shared.plain_errors
def new_command(name: str, model: str | None) -> None:
    """Start a session of your own from a template or a copy, and print its path.

    NAME may be any title; the file is named after it.
    """
    library = shared.get_library()
    source = session_store.find(model, library).source if model else None
    path = session_store.create(name, library, source)
    shared.say(str(path))
    shared.notice(f"Change it in your editor, then: {command('check {}', path.stem)}")


@click.command("edit")
@click.argument("name", type=shared.SessionName())
@shared.plain_errors
def edit_command(name: str) -> None:
    """Open a session of your own in your editor.

    That is $VISUAL or $EDITOR; the screen has an editor of its own.
    """
    from cadence_cue.app.sessions.external_editor import edited

    files = session_store.session_files()
    path = (
        files.get(normalize("NFC", name)) or session_store.find(name, shared.get_library()).source
    )
    if path is None or path in built_in_sessions().values():
        copy = command("new {} --from {}", f"my-{name}", name)
        shared.refuse(f"{shown(name)} is built in; to change a copy of it: {copy}")
    if not edited(path):
        shared.refuse(f"there is no editor; set EDITOR. The file: {path}")
    shared.notice(f"To see whether it is good: {command('check {}', name)}")


@click.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@shared.plain_errors
def add_command(file: Path) -> None:
    """Check a session file that somebody sent you, and add it to your own."""
    from cadence_cue.app.sessions.listing import Listing
    from cadence_cue.cli.check import unspoken
    from cadence_cue.voice.casting import RecordingsError

    library = shared.get_library()
    session = load(file, library)
    path = session_store.new_file(session.name, library)
    text = file.read_text(encoding="utf-8-sig")
    try:
        for warning in unspoken(session, library, shared.load_settings()):
            shared.notice(warning)
    except RecordingsError as error:  # they can be recorded again later
        shared.notice(str(error))
    text = session_store.with_music(session, text)
    session_store.copy_sounds(session, path)
    session_store.save(path, text)
    for entry in Listing().entries(library, shared.load_settings()):
        if entry.title == session.title and not entry.drill and entry.path != path:
            shared.notice(f"Another session has the title {shown(entry.title)} too: {entry.name}")
    shared.say(f'{session.title}: saved as "{path.stem}" in {path}')


@click.command("cadence")
@click.argument("value", required=False, type=shared.Cadence())
@click.option("--count", type=int,
              help="Steps of one foot (not both) in 30 seconds.")  # fmt: skip
@shared.plain_errors
def cadence_command(value: float | None, count: int | None) -> None:
    """Show or set your own cadence in steps a minute (both feet)."""
    settings = shared.load_settings()
    if value is not None and count is not None:
        shared.refuse("give a cadence or a count, not both")
    if count is not None:
        value = counted(count)
        if value is None:
            shared.refuse(
                f"--count {count}: that would be {4 * count} steps a minute; count one foot, "
                f"for 30 seconds ({COUNTS[0]} to {COUNTS[1]})"
            )
    if value is None:
        if settings.cadence is None:
            shared.say(
                f"Not set; {settings.cadence_spm():g} is used. To find yours: run easily, count "
                f"your right foot for 30 seconds, then: {command('cadence --count NUMBER')}"
            )
        else:
            shared.say(f"{settings.cadence:g} steps a minute")
        return
    settings_file.change(lambda saved: changed(saved, "cadence", value))
    shared.say(f"Saved: {value:g} steps a minute")


@click.command("mastered")
@click.argument("name", metavar="[DRILL]", type=DrillName(), required=False)
@click.option("--no", "withdrawn", is_flag=True, help="Take it back.")
@shared.plain_errors
def mastered_command(name: str | None, withdrawn: bool) -> None:
    """Mark a drill as mastered, which the article asks for before the next one.

    Without a drill, list the ones you have mastered.
    """
    library = shared.get_library()
    settings = shared.load_settings()
    if name is None:
        shared.say("\n".join(settings.mastered) or "No drill yet.")
        return
    drill = find_drill(name, library)
    settings_file.change(lambda saved: saved.with_mastered(drill.id, mastered=not withdrawn))
    opened = [d.name for d in library.drills.values() if d.after == drill.id]
    effect = f"; {', '.join(opened)} may follow" if opened and not withdrawn else ""
    shared.say(f"{drill.name}: {'not ' if withdrawn else ''}mastered{effect}")


@click.command("settings", context_settings={"ignore_unknown_options": True})
@click.argument("key", required=False)
@click.argument("words", metavar="[VALUE]", nargs=-1)
@shared.plain_errors
def settings_command(key: str | None, words: tuple[str, ...]) -> None:
    """Show the settings or one of them, or change one.

    Set an offset as DEVICE=MILLISECONDS (0 removes it) and a key of the screen as ACTION=KEY
    (ACTION= removes it); "" removes a text, a latency or a block. A value may be
    written with its unit.
    """
    settings = shared.load_settings()
    value = " ".join(words) if words else None
    if key is None:
        for name in KEYS:
            unit = UNITS.get(name, "") if getattr(settings, name) is not None else ""
            shared.say(f"{name:12} {_text(getattr(settings, name))}{unit}")
        shared.say(f"\nsaved in {settings_file.config_folder() / 'settings.toml'}")
        shared.say(f"your sessions and drills: {user_folder()}")
        return
    if value is not None:
        value = _bare(settings, key, value)
        _check(key, value, _with(settings, key, value))
        settings = settings_file.change(lambda saved: _with(saved, key, value))
    elif key not in KEYS:
        changed(settings, key, "")
    shared.say(_text(getattr(settings, key)))


def _with(settings: Settings, key: str, value: str) -> Settings:
    """The settings with a typed value; of a table, only these pairs change."""
    new = changed(settings, key, value)
    if value and key in DELAYS:
        for name, milliseconds in getattr(new, key):
            settings = settings.with_delay(key, name, milliseconds)
        return settings
    if value and key == "keys":
        for action, keys in new.keys:
            settings = settings.with_keys(action, keys)
        return settings
    return new


def _bare(settings: Settings, key: str, value: str) -> str:
    """A typed value, without the word that is shown for none."""
    if key not in KEYS:
        return value
    shown_as = _text(() if isinstance(getattr(settings, key), tuple) else "")
    may_be_empty = not getattr(Settings(), key)
    return "" if value == shown_as or (value == "none" and may_be_empty) else value


def _check(key: str, value: str, settings: Settings) -> None:
    """Refuse a typed value that names what does not exist."""
    _check_names(key, settings)
    if key == "keys":
        from cadence_cue.tui.keymap import check

        for action, _ in changed(Settings(), key, value).keys:
            check(action, settings.keys)
    elif key == "device" and settings.device:
        _check_device(settings)


def _check_device(settings: Settings) -> None:
    """Say what will happen with a device that is not there; it may be switched off."""
    from cadence_cue.live.device_list import devices
    from cadence_cue.live.output import NoSoundError, pick

    try:
        found = devices().devices
        pick([each for each in found if settings.backend in ("", each.backend)], settings.device)
    except NoSoundError as error:
        shared.notice(f"Careful: {error}. Until it is there, the default device is used.")


def _check_names(key: str, settings: Settings) -> None:
    """Refuse a value that names a voice, a folder or a drill that does not exist."""
    if key == "voice":
        from cadence_cue.voice.manifest import voice_names

        names = voice_names()
        if settings.voice not in names:
            shared.refuse(
                f"there is no voice {shown(settings.voice)}; there are: {', '.join(names)}"
            )
    elif key == "sounds":
        if settings.sounds and not Path(settings.sounds).expanduser().is_dir():
            shared.refuse(f"{shown(settings.sounds)} is not a folder")
    elif key in ("mastered", "explained"):
        library = shared.get_library()
        for drill in getattr(settings, key):
            find_drill(drill, library)


def _text(value: object) -> str:
    match value:
        case tuple():
            return ", ".join(map(_one, value)) or "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
    return str(value) if value else "not set"


def _one(item: object) -> str:
    """An item of a list: a name, or a name and its value."""
    return "=".join(map(_text, item)) if isinstance(item, tuple) else _text(item)
