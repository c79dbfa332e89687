"""A session while it is edited: what can be undone, and what its file holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cadence_cue.app.sessions.drafts import lost
from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.app.settings import state_folder, user_folder
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_text import HEAD
from cadence_cue.errors import UserError
from tests.homes import move_into

LIBRARY = load_library()
WRITTEN = b'\xef\xbb\xbftitle = "Hills"  # steep\r\n\r\n[[phase]]\r\nrest = ""\r\ntime = "5s"\r\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session of the runner's own, as an editor on another system writes it."""
    move_into(tmp_path, monkeypatch)
    path = user_folder() / "sessions" / "hills.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(WRITTEN)
    return path


def is_saved(editing: Editing) -> bool:
    """As a function: mypy takes a property for unchanged by what is called."""
    return editing.is_saved


def set_time(editing: Editing, time: str) -> None:
    editing.change(editing.text.valued(0, "time", time))


def test_saving_changes_the_lines_that_were_changed_and_keeps_the_mark(path: Path) -> None:
    editing = Editing(path)
    assert is_saved(editing)
    set_time(editing, "9s")
    assert not is_saved(editing)
    assert path.read_bytes() == WRITTEN
    editing.save()
    assert path.read_bytes() == WRITTEN.replace(b'"5s"', b'"9s"')
    assert is_saved(editing)
    assert not editing.changed_outside


def test_changes_are_undone_and_done_again(path: Path) -> None:
    editing = Editing(path)
    assert not editing.undo()
    texts = [str(editing.text)]
    for time in ("6s", "7s", "7s"):  # the last of which changes nothing
        set_time(editing, time)
        texts.append(str(editing.text))
    assert editing.undo()
    assert str(editing.text) == texts[1]
    assert editing.undo()
    assert not editing.undo()
    assert not editing.is_changed
    assert editing.redo()
    assert editing.redo()
    assert not editing.redo()
    assert str(editing.text) == texts[3]
    editing.undo()
    set_time(editing, "8s")
    assert not editing.redo()


def test_what_another_program_wrote_is_seen_and_can_be_taken(path: Path) -> None:
    editing = Editing(path)
    set_time(editing, "9s")
    mine = str(editing.text)
    path.write_bytes(WRITTEN.replace(b"Hills", b"Steps"))
    assert editing.changed_outside
    editing.take_theirs()
    assert editing.title == "Steps"
    assert is_saved(editing)
    assert editing.undo()
    assert str(editing.text) == mine
    path.write_text("title = ")
    with pytest.raises(UserError, match=r"hills\.toml"):
        editing.take_theirs()
    assert str(editing.text) == mine
    path.unlink()
    assert editing.is_gone
    editing.save()
    assert b'"9s"' in path.read_bytes()


def test_a_built_in_session_is_a_copy_with_a_file_named_after_its_title(path: Path) -> None:
    model = built_in_sessions()["daily-ten"]
    before = model.read_bytes()
    editing = Editing(model, owned=False)
    assert not is_saved(editing)
    assert not editing.is_changed
    with pytest.raises(UserError, match="no file yet"):
        editing.save()
    with pytest.raises(UserError, match='have a session "hills" already'):
        editing.save_as("hills", LIBRARY)
    editing.save_as("My hill run", LIBRARY)
    new = path.parent / "my-hill-run.toml"
    assert editing.path == new
    assert new.read_bytes() == before.replace(b'"Daily ten"', b'"My hill run"')
    assert model.read_bytes() == before


def test_where_nothing_can_be_written_all_stays(path: Path) -> None:
    editing = Editing(path)
    editing.change(editing.text.valued(HEAD, "title", "Mine"))
    mine = str(editing.text)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("no folder")
    for save in (editing.save, lambda: editing.save_as("Other", LIBRARY)):
        with pytest.raises(UserError, match="cannot be written"):
            save()
        assert editing.path == path
        assert editing.is_changed
    editing.undo()
    assert str(editing.text) == mine


def test_each_phase_tells_its_own_first_mistake(path: Path) -> None:
    path.write_text(
        'title = 5\n[[phase]]\nrest = ""\ntime = "x"\n[[phase]]\nrepeat = 2\n'
        '[[phase.part]]\nrun = ""\ntime = "9s"\ntempoo = 1\n[[phase.part]]\nwalk = ""\n'
        '[[phase]]\nrepeat = "2"\n[[phase.part]]\nrest = ""\ntime = "5s"\n'
    )
    found = Editing(path).mistakes(LIBRARY)
    assert {number: str(error).partition("must")[0] for number, error in found.items()} == {
        "": 'hills.toml (line 1): "title" ',
        "1": 'hills.toml, phase 1 (line 4): "time" ',
        "2.1": 'hills.toml, phase 2.1 (line 10): key "tempoo" is not known here; '
        'did you mean "tempo"?',
        "2.2": 'hills.toml, phase 2.2 (line 11): "time" is missing; write for example time = "45s"',
        "3": 'hills.toml, phase 3 (line 14): "repeat" ',
    }


def test_a_rule_for_the_whole_session_is_told_at_its_phase(path: Path) -> None:
    path.write_text('title = "x"\n[[phase]]\nrest = ""\ntime = "5s"\n'
                    '[[phase]]\ndrill = "toe-taps"\ntime = "56s"\n')  # fmt: skip
    found = Editing(path).mistakes(LIBRARY)
    assert [*found] == ["2"]
    assert found["2"].what.startswith("the first drill must be Perception")


# What is not saved when the app ends.


def drafts() -> list[Path]:
    return [*(state_folder() / "drafts").glob("*")]


def test_changes_outlive_the_app_until_they_are_saved_or_given_up(path: Path) -> None:
    set_time(Editing(path), "9s")
    again = Editing(path)
    assert again.draft
    assert not again.is_changed
    again.take_draft()
    assert again.text.rows[0].values["time"] == "9s"
    assert not again.changed_outside
    assert again.undo()
    assert drafts() == []
    assert again.redo()
    assert len(drafts()) == 1
    again.save()
    assert path.read_bytes() == WRITTEN.replace(b'"5s"', b'"9s"')
    assert drafts() == []
    set_time(again, "7s")
    last = Editing(path)
    last.give_up()
    assert drafts() == []
    assert Editing(path).draft is None


def test_a_draft_is_not_saved_over_a_file_that_changed_after_it(path: Path) -> None:
    set_time(Editing(path), "9s")
    path.write_bytes(WRITTEN.replace(b"steep", b"flat"))
    again = Editing(path)
    again.take_draft()
    assert again.changed_outside
    again.take_theirs()
    assert b"flat" in str(again.text).encode()
    assert drafts() == []


def test_a_copy_of_a_built_in_session_has_a_draft_until_it_has_a_file(path: Path) -> None:
    model = built_in_sessions()["daily-ten"]
    set_time(Editing(model, owned=False), "9s")
    again = Editing(model, owned=False)
    again.take_draft()
    again.save_as("My ten", LIBRARY)
    assert drafts() == []
    assert path.with_name("my-ten.toml").exists()


def test_the_draft_of_a_session_whose_file_went_away_is_kept(path: Path) -> None:
    set_time(Editing(path), "9s")
    assert lost() == []
    path.unlink()
    assert lost() == [path]
    again = Editing(path)
    assert (again.text.rows, again.is_changed) == ((), False)
    again.take_draft()
    assert again.text.rows[0].values["time"] == "9s"
    assert again.is_gone
    assert again.changed_outside
    again.save()
    assert path.read_bytes() == WRITTEN.replace(b'"5s"', b'"9s"')
    assert drafts() == []


def test_a_draft_that_an_earlier_version_kept_is_found(path: Path) -> None:
    set_time(Editing(path), "9s")
    (file,) = drafts()
    file.rename(file.with_stem(file.stem.partition("-")[0]))
    path.unlink()
    assert lost() == [path]
    assert Editing(path).draft


def test_a_draft_of_a_model_that_went_away_is_one_without_a_file(path: Path) -> None:
    model = path.with_name("model.toml")
    model.write_bytes(WRITTEN)
    set_time(Editing(model, owned=False), "9s")
    model.unlink()
    (left,) = lost()
    assert Editing(left, owned=False).is_gone


def test_apps_that_edit_the_same_session_keep_a_draft_each(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from cadence_cue.app.sessions.session_editing import Editing;"
        "made = Editing(Path(sys.argv[1])); print(made.draft); sys.stdout.flush();"
        "made.change(made.text.valued(0, 'time', '7s')); print(); sys.stdout.flush(); input()"
    )
    ours = Editing(path)
    set_time(ours, "9s")
    command = [sys.executable, "-c", script, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "None\n"  # ours is not offered there
        other.stdout.readline()
        assert len(drafts()) == 2
        ours.save()
        assert Editing(path).draft is None  # nor theirs here, while they live
        other.kill()
    left = Editing(path).draft
    assert left
    assert "7s" in left.text


@pytest.mark.parametrize("content", [b"", b"[]", b'{"text": 1}', b"\xff", b"[" * 10**5])
def test_a_draft_that_cannot_be_read_is_none(path: Path, content: bytes) -> None:
    set_time(Editing(path), "9s")
    (file,) = drafts()
    file.write_bytes(content)
    assert Editing(path).draft is None


def test_without_a_place_for_drafts_a_session_is_edited_all_the_same(path: Path) -> None:
    state_folder().parent.mkdir(parents=True)
    state_folder().write_text("no folder")
    editing = Editing(path)
    set_time(editing, "9s")
    editing.save()
    assert b'"9s"' in path.read_bytes()
