"""new, add, cadence, mastered, settings, devices, and where they write."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from cadence_cue.app import settings
from cadence_cue.app.settings import config_folder, user_folder
from cadence_cue.cli import own
from cadence_cue.cli.main import main
from tests.cli.conftest import Keep, Run, Shim
from tests.cli.process import terminal
from tests.cli.sessions import SHORT, UNSPOKEN

Refused = Callable[..., str]


def test_a_new_session_is_good_at_once(run: Run) -> None:
    path = run("new", "my-morning").stdout.strip()
    assert path == str(user_folder() / "sessions" / "my-morning.toml")
    assert 'title   = "My morning"' in Path(path).read_text()
    assert "my-morning: good, " in run("check", "my-morning").stdout


def test_a_new_session_may_be_a_copy(run: Run, keep: Keep) -> None:
    path = run("new", "my-ten", "--from", "daily-ten").stdout.strip()
    assert run("show", "my-ten").stdout.startswith("My ten (my-ten)")
    assert (
        run("show", "my-ten").stdout.splitlines()[2:]
        == (run("show", "daily-ten").stdout.splitlines()[2:])
    )
    Path("sent.toml").write_bytes(b"\xef\xbb\xbf" + SHORT.encode())
    run("new", "copy", "--from", "sent.toml")
    assert Path(path).with_name("copy.toml").read_text() == SHORT.replace('"Short"', '"Copy"')


def test_a_session_is_edited_in_the_runner_s_editor(
    run: Run, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(run("new", "mine").stdout.strip())
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i 's/^level.*//'")
    assert "check mine" in run("edit", "mine").stderr
    assert "level" not in path.read_text()
    path.write_text("title =")
    monkeypatch.setenv("EDITOR", f"cp {__file__}")
    run("edit", "mine")
    assert path.read_text() == Path(__file__).read_text()
    assert "new my-daily-ten --from daily-ten" in refused("edit", "daily-ten")
    assert "there is no session" in refused("edit", "yours")
    for none in ("no-such-editor", "'"):
        monkeypatch.setenv("EDITOR", none)
        assert f"there is no editor; set EDITOR. The file: {path}" in refused("edit", "mine")


def test_the_command_that_checks_what_was_edited_works_for_a_name_with_a_blank(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("sessions", SHORT, "my {run}")
    monkeypatch.setenv("VISUAL", "true")
    _, _, command = run("edit", "my {run}").stderr.partition(": cadence-cue ")
    assert run(*shlex.split(command)).stdout.startswith("my {run}: good, ")


def test_the_command_that_copies_a_built_in_session_works_for_a_path_with_a_blank(
    run: Run, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a b" / "ten.toml"
    path.parent.mkdir()
    path.write_text(SHORT)
    monkeypatch.setattr(own, "built_in_sessions", lambda: {"ten": path})
    _, _, command = refused("edit", str(path)).partition(": cadence-cue ")
    assert Path(run(*shlex.split(command)).stdout.strip()).is_file()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("daily-ten", '"daily-ten" is a built-in session; choose another name'),
        ("toe-taps", "or another page already"),
        ("why", "or another page already"),
        ("mine", 'you have a session "mine" already: '),
        ("..", "has no letter or digit that could name a session's file"),
        ("", "the name of a session must not be empty"),
        ("a\nb", "the name of a session must be one line without control characters"),
    ],
)
def test_a_name_that_is_taken_or_none_is_refused(
    run: Run, refused: Refused, keep: Keep, name: str, reason: str
) -> None:
    path = keep("sessions", SHORT)
    assert reason in refused("new", name)
    assert list(path.parent.iterdir()) == [path]
    assert path.read_text() == SHORT


def test_a_session_that_was_sent_is_checked_and_kept(run: Run) -> None:
    Path("sent.toml").write_bytes(b"\xef\xbb\xbf" + SHORT.encode())
    kept = user_folder() / "sessions" / "sent.toml"
    assert run("add", "sent.toml").stdout == f'Short: saved as "sent" in {kept}\n'
    assert kept.read_text() == SHORT
    assert "good" in run("check", "sent").stdout
    Path("again.toml").write_text(SHORT)
    told = 'Another session has the title "Short" too: sent'
    assert told in run("add", "again.toml").stderr


@pytest.mark.parametrize(
    "written",
    [
        '[music]\nlevel = "-6 dB"\nfile = "Music"  # mine',
        "music = { level = '-6 dB', file = 'Music' }",
        '[ music ]\nfile="./Music"',
        '[bed]\nfile = "Music"',
    ],
)
def test_an_added_session_keeps_its_music(run: Run, tmp_path: Path, written: str) -> None:
    sent = tmp_path / 'sent "here"'
    (sent / "Music").mkdir(parents=True)
    text = SHORT.replace("\n[[phase]]", f"\n{written}\n\n[[phase]]", 1)
    (sent / "sent.toml").write_text(text)
    run("add", sent / "sent.toml")
    for _ in range(2):  # no music, then none that can be played
        told = run("check", "sent", code=2).stderr
        assert "sessions/sent.toml: its music cannot be heard: " in told
        (sent / "Music" / "a.mp3").touch()
    soundfile.write(sent / "Music" / "b.wav", np.full(800, 0.1), 8000)
    assert "sent: good" in run("check", "sent").stdout
    kept = user_folder() / "sessions" / "sent.toml"
    assert len(kept.read_text().splitlines()) == len(text.splitlines())
    run("new", "copy", "--from", "sent")
    run("new", "other", "--from", str(sent / "sent.toml"))
    assert "copy: good" in run("check", "copy").stdout
    assert "other: good" in run("check", "other").stdout


def test_music_that_is_named_in_an_odd_way_is_not_lost(refused: Refused) -> None:
    text = SHORT.replace("\n[[phase]]", '\nmusic.file = """Music"""\n\n[[phase]]', 1)
    Path("sent.toml").write_text(text)
    assert f"write its whole path first: {Path.cwd()}/Music" in refused("add", "sent.toml")
    assert not (user_folder() / "sessions" / "sent.toml").exists()


def test_what_is_added_must_be_good_and_new(run: Run, refused: Refused, keep: Keep) -> None:
    path = keep("sessions", SHORT)
    for name, text, reason in (
        ("broken", "title = 5", "broken.toml (line 1): "),
        ("mine", SHORT, "you have a session"),
        ("daily-ten", SHORT, "is a built-in session"),
        ("Daily Ten", SHORT, "is a built-in session"),
    ):
        Path(f"{name}.toml").write_text(text)
        assert reason in refused("add", f"{name}.toml")
    assert "there is no such file" in refused("add", "nowhere.toml")
    assert list(path.parent.iterdir()) == [path]


def test_an_added_session_is_named_after_its_file_whatever_that_is_called(run: Run) -> None:
    Path("Sent by Ana (2).toml").write_text(SHORT)
    assert run("add", "Sent by Ana (2).toml").stdout.startswith('Short: saved as "sent-by-ana-2"')
    assert run("show", "sent-by-ana-2").stdout.startswith("Short (")


def test_an_added_session_that_cannot_be_spoken_is_told(run: Run, without_extra: None) -> None:
    Path("sent.toml").write_text(UNSPOKEN)
    assert "phase 2 (line 8): no voice here can speak" in run("add", "sent.toml").stderr


SOUNDED = 'title = "x"\n[[phase]]\ntalk = { sound = "own/a.wav" }\ntime = "9s"\n'


def test_an_added_session_takes_its_recordings_along(run: Run) -> None:
    Path("own").mkdir()
    soundfile.write("own/a.wav", np.sin(np.arange(48000) / 20), 48000)
    Path("sent.toml").write_text(SOUNDED)
    run("add", "sent.toml")
    kept = user_folder() / "sessions" / "own" / "a.wav"
    assert kept.read_bytes() == Path("own/a.wav").read_bytes()
    run("export", "sent", "-o", "x.wav")
    Path("sent.toml").rename("again.toml")
    run("add", "again.toml")
    soundfile.write("own/a.wav", np.sin(np.arange(48000) / 30), 48000)
    Path("again.toml").rename("other.toml")
    assert "there is another" in run("add", "other.toml", code=2).stderr
    assert not (user_folder() / "sessions" / "other.toml").exists()


def test_a_recording_that_cannot_be_taken_along_is_told(run: Run) -> None:
    Path("sent.toml").write_text(SOUNDED)
    assert "own/a.wav" in run("add", "sent.toml", code=2).stderr
    Path("sent.toml").write_text(SOUNDED.replace("own/a.wav", "../a.wav"))
    assert "is not beside the session's file" in run("add", "sent.toml", code=2).stderr
    assert not (user_folder() / "sessions" / "sent.toml").exists()


def test_the_cadence_is_told_set_and_counted(run: Run) -> None:
    told = run("cadence").stdout
    assert "Not set; 165 is used." in told
    assert "--count" in told
    assert run("cadence", 172).stdout == "Saved: 172 steps a minute\n"
    assert run("cadence").stdout == "172 steps a minute\n"
    assert run("cadence", 172.5).stdout == "Saved: 172.5 steps a minute\n"
    assert run("cadence", "--count", 42).stdout == "Saved: 168 steps a minute\n"
    assert settings.load() == (settings.Settings(cadence=168.0), "")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (["quick"], '"quick" is not a number of steps a minute'),
        (["nan"], "a cadence is 110 to 240 steps a minute, not nan"),
        (["inf"], "110 to 240"),
        (["300"], "a cadence is 110 to 240 steps a minute, not 300"),
        (["42"], "not 42; give 168 if one foot did 42 in 30 seconds"),
        (["60"], "60 could be one foot or both: give 120 if it is one foot's count"),
        (["85"], "85 could be one foot or both: give 170"),
        (["109.5"], "109.5 could be one foot or both: give 219"),
        (["--count", "27"], "that would be 108 steps a minute; count one foot, for 30 seconds"),
        (["--count", "61"], "--count 61: that would be 244 steps a minute"),
        (["170", "--count", "42"], "give a cadence or a count, not both"),
    ],
)
def test_a_cadence_that_is_none_is_refused(refused: Refused, typed: list[str], reason: str) -> None:
    assert reason in refused("cadence", *typed)
    assert settings.load()[0].cadence is None


def test_the_lowest_cadence_and_counts_are_taken(run: Run) -> None:
    run("cadence", 110)
    run("cadence", 240)
    run("cadence", "--count", 28)
    run("cadence", "--count", 60)


@pytest.mark.parametrize(("answer", "code", "cadence"), [("y", 0, 170.0), ("n", 2, None)])
def test_one_foot_is_questioned_in_a_terminal(
    answer: str, code: int, cadence: float | None
) -> None:
    with terminal("cadence", 85) as screen:
        screen.wait_for("Is that one foot? Then 170 steps a minute [Y/n]: ")
        screen.press(f"{answer}\n")
        screen.wait_for(f"ended: {code}\n")
    assert settings.load()[0].cadence == cadence


def test_a_drill_is_mastered_or_not(run: Run, refused: Refused) -> None:
    assert run("mastered").stdout == "No drill yet.\n"
    assert run("mastered", "toe-taps").stdout == (
        "Toe Taps: mastered; Toe Taps Dynamic may follow\n"
    )
    assert settings.load()[0].mastered == ("toe-taps",)
    run("mastered", "toe-taps")
    assert settings.load()[0].mastered == ("toe-taps",)
    assert run("mastered").stdout == "toe-taps\n"
    assert run("mastered", "toe-taps", "--no").stdout == "Toe Taps: not mastered\n"
    assert settings.load()[0].mastered == ()
    assert refused("mastered", "toe-tap") == 'there is no drill "toe-tap"; did you mean "toe-taps"?'


def test_the_settings_are_listed_with_their_places(run: Run) -> None:
    told = run("settings").stdout
    for key in settings.KEYS:
        assert f"\n{key}" in "\n" + told
    assert str(config_folder() / "settings.toml") in told
    assert str(user_folder()) in told


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("cadence", "172", "172"),
        ("voice", "af_heart", "af_heart"),
        ("device", "USB", "USB"),
        ("device", "", "not set"),
        ("backend", "silent", "silent"),
        ("latency", "100", "100"),
        ("latency", "", "not set"),
        ("block", "512", "512"),
        ("offsets", "hw:0,0 (a=b)=180.5", "hw:0,0 (a=b)=180.5"),
        ("offsets", "mine=0", "none"),
        ("volume", "-6", "-6"),
        ("duck", "9", "9"),
        ("keys", "play.pause=p", "play.pause=p"),
        ("mastered", "toe-taps, cycle-standing", "toe-taps, cycle-standing"),
        ("explained", "", "none"),
        ("safety_read", "yes", "yes"),
        ("safety_read", "no", "no"),
    ],
)
def test_a_setting_is_changed_and_told(run: Run, key: str, value: str, told: str) -> None:
    assert run("settings", "--", key, value).stdout == f"{told}\n"
    assert run("settings", key).stdout == f"{told}\n"


def test_a_key_that_is_taken_is_refused_until_it_is_free(run: Run, refused: Refused) -> None:
    assert refused("settings", "keys", "play.tap=space") == (
        '"space" is already a key of "play.pause" on the same screen; choose another, or first '
        "give that action another: cadence-cue settings keys play.pause=KEY"
    )
    run("settings", "keys", "play.pause=p")
    run("settings", "keys", "play.tap=space")
    assert '"space" is already a key of "play.tap"' in refused("settings", "keys", "play.pause=")
    run("settings", "keys", "")
    assert settings.load()[0].keys == ()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("keys", "play.pause=nokey", '"nokey" cannot be a key for "play.pause"'),
        ("keys", "play.pause=5", '"5" cannot be a key for "play.pause"'),
        ("keys", "app.library=5", '"5" cannot be a key for "app.library"'),
        ("keys", "beat.own=5", '"5" cannot be a key for "beat.own"'),
        ("keys", "play.dance=p", 'there is no action "play.dance"; there are: app.back, '),
        ("cadence", "85", "expected a number from 110 to 240"),
        ("volume", "3", "expected a number from -60 to 0"),
        ("volume", "nan", "expected a number"),
        ("beat_level", "loud", "expected a number"),
        ("voice_level", "-61", "expected a number"),
        ("duck", "0", "expected 6, 9 or 12"),
        ("backend", "alsa", "expected portaudio, miniaudio or silent, not 'alsa'"),
        ("latency", "0", "expected a number from 1 to 1000"),
        ("block", "100.5", "expected a whole number from 16 to 8192"),
        ("offsets", "mine", 'expected DEVICE=MILLISECONDS, such as "My headphones=180"'),
        ("offsets", "mine=900", "expected a number from -150 to 650, not '900'"),
        ("voice", "nobody", 'there is no voice "nobody"; there are: af_heart'),
        ("mastered", "toe-tap", 'there is no drill "toe-tap"; did you mean "toe-taps"?'),
        ("explained", "hops", 'there is no drill "hops"'),
        ("safety_read", "maybe", "expected yes or no"),
        ("tempo", "5", 'there is no setting "tempo"; there are: cadence, '),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    refused: Refused, key: str, value: str, reason: str
) -> None:
    assert reason in refused("settings", "--", key, value)
    assert not (config_folder() / "settings.toml").exists()


def test_offsets_are_set_one_by_one(run: Run) -> None:
    run("settings", "offsets", "one=100")
    assert run("settings", "offsets", "two=-20").stdout == "one=100, two=-20\n"
    assert run("settings", "offsets", "one=0").stdout == "two=-20\n"
    assert run("settings", "offsets", "").stdout == "none\n"


def test_a_setting_that_is_none_cannot_be_shown(refused: Refused) -> None:
    assert 'there is no setting "tempo"' in refused("settings", "tempo")


def test_damaged_settings_are_set_aside_with_a_notice(run: Run) -> None:
    path = config_folder() / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("cadence = 5\n")
    result = run("cadence")
    assert "165" in result.stdout
    assert result.stderr.startswith("The settings were damaged (")
    assert str(path.with_name("settings.damaged.toml")) in result.stderr
    assert run("list").stderr == ""


def test_where_nothing_can_be_written_it_is_said(
    run: Run, refused: Refused, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("HOME", str(home / "file"))
    run("list")
    for arguments in (("cadence", 172), ("settings", "duck", 9), ("mastered", "toe-taps")):
        assert "cannot be saved: Not a directory" in refused(*arguments)
    assert "cannot be written: Not a directory" in refused("new", "mine")


@pytest.mark.parametrize("empty", [False, True])
def test_without_a_home_commands_that_only_tell_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    monkeypatch.delenv("HOME")
    if empty:
        monkeypatch.setenv("HOME", "")
    told = run("list")
    assert told.stderr == ""
    assert "daily-ten" in told.stdout
    assert not Path("~").exists()


def test_the_devices_are_listed(run: Run, refused: Refused, shim: Shim) -> None:
    shim("play")
    assert run("devices").stdout.splitlines() == [
        "portaudio (used unless you choose another)",
        "*   1  shim (JACK), 44100 Hz, 10 ms",
        "    2  shim two (JACK), 44100 Hz, 10 ms",
        "miniaudio: miniaudio is not installed (pip install miniaudio)",
        "microphones",
        "*   0  microphone (JACK), 44100 Hz, 10 ms",
        "* is the usual one of its list",
    ]
    shim("none")
    assert refused("devices").startswith("No sound devices were found.")
    assert "`cadence-cue export` works without" in refused("devices")
    shim("missing")
    assert "PortAudio's library is not installed" in CliRunner().invoke(main, ["devices"]).stdout


def test_whatever_is_shown_can_be_typed_back(run: Run) -> None:
    for key, value in {
        "cadence": "172.5",
        "volume": "-3",
        "latency": "80",
        "offsets": 'A "b", c = d=180, Böxe=-20.5',
        "keys": "play.tap=Z, play.pause=p,space",
        "duck": "-6 dB",
        "beat_level": "\N{MINUS SIGN}3 dB",
        "mastered": "toe-taps, perception",
        "still": "yes",
        "device": "",
    }.items():
        run("settings", key, value)
    shown = run("settings").output.partition("\n\n")[0].splitlines()
    for line in shown:
        key, value = line[:12].strip(), line[13:]
        if key not in ("voice", "sounds"):
            run("settings", key, value)
    assert run("settings").output.partition("\n\n")[0].splitlines() == shown
    for key, value in {"offsets": "none", "mastered": "none", "cadence": "not set"}.items():
        run("settings", key, value)
        assert run("settings", key).output.splitlines()[-1:] in (
            [value],
            ['A "b", c = d=180, Böxe=-20.5'],
        )


def test_a_value_may_be_typed_in_several_words(run: Run) -> None:
    run("settings", "volume", "-3", "dB")
    assert run("settings", "volume").stdout == "-3\n"
    run("settings", "device", "not", "set")


def test_a_setting_is_taken_away_by_the_word_that_is_shown_for_none(run: Run) -> None:
    run("settings", "keys", "play.tap=Z")
    for key in ("keys", "device", "cadence", "mastered", "latency"):
        none = CliRunner(env={"XDG_CONFIG_HOME": "/nowhere"}).invoke(main, ["settings", key]).stdout
        run("settings", key, none.strip())
        assert run("settings", key).stdout == none


def test_only_the_title_of_the_session_is_another_in_a_copy(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "model.toml"
    phase = '[[phase]]\nwalk = ""\ntime = "5s"\ntitle = "Warm"\n'
    model.write_text(f"title = 'Alpha'\n{phase}")
    copy = Path(run("new", "beta", "--from", str(model)).stdout.strip())
    assert copy.read_text() == f'title = "Beta"\n{phase}'
    model.write_text(f"'title' = 'Alpha'\n{phase}")
    assert Path(run("new", "delta", "--from", str(model)).stdout.strip()).exists()
    model.write_text(f'"ti\\u0074le" = "Alpha"\n{phase}')
    told = run("new", "gamma", "--from", str(model), code=2).output
    assert "the title of the model cannot be rewritten" in told


def test_a_device_that_is_not_there_is_told(run: Run, shim: Shim) -> None:
    shim("missing")
    result = run("settings", "device", "No such thing")
    assert "Until it is there, the default device is used." in result.stderr
    assert run("settings", "device").stdout == "No such thing\n"
    assert run("settings", "device", "none").stdout == "not set\n"
