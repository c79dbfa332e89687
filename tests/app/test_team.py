"""A team's file: who it lists, and what is refused by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadence_cue.app.tracks.team import Member, read_team
from cadence_cue.errors import UserError

VOICES = ["af_heart", "am_michael"]


def team(folder: Path, content: str | bytes) -> list[Member]:
    file = folder / "team.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_team(file, VOICES)


def test_each_line_is_a_runner(tmp_path: Path) -> None:
    assert team(
        tmp_path, "name,cadence,voice,explain\nAnna,158,am_michael,yes\n\nBen,171.5,,no\nCy\n"
    ) == [
        Member("Anna", 158, "am_michael", explain=True),
        Member("Ben", 171.5, explain=False),
        Member("Cy"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "cadence;Name\r\n171,5;Anna\r\n",
        "\ufeffname\tcadence\nAnna\t171.5",
        "sep=;\r\nName;Cadence;;\r\nAnna;171,5;;\r\n",
        "sep=,\nname,cadence\nAnna,171.5\n",
        '"name","cadence"\n"Anna","171.5",,\n',
        'name,cadence\n"Anna","171,5"\n',
    ],
)
def test_it_is_read_as_spreadsheets_write_it(tmp_path: Path, content: str) -> None:
    assert team(tmp_path, content) == [Member("Anna", 171.5)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", 'line 1: needs a column "name".'),
        ("sep=;\nname,cadence\nA,1", 'line 2: needs a column "name".'),
        ("sep=;\nname;cadence\nA;1", "line 3: a cadence is 110 to 240"),
        ("name,name\nA,B", "line 1: the column name appears twice."),
        ("cadence\n165", 'line 1: needs a column "name".'),
        ("name\n", "lists nobody; write a line for each runner under the first."),
        ("name,cadence\nA,fast", 'line 2: "fast" is not a number of steps a minute.'),
        ("name,cadence\n\nA,nan", "line 3: a cadence is 110 to 240 steps a minute, not nan."),
        ("name,cadence\nA,84", "not 84; if it counts one foot, write 168."),
        ("name,cadence\nA,42", "not 42; if it counts one foot, write 168."),
        ("name,cadence\n,160", "line 2: needs a name."),
        ("name,voice\nA,bob", 'line 2: there is no voice "bob"; af_heart, am_michael.'),
        ("name,explain\nA,perhaps", 'line 2: explain is yes or no, not "perhaps".'),
        ("name\n" + "A" * 200_000, "line 2: field larger than field limit"),
        ("name\nA,165", "line 2: has 2 columns, and the first line 1."),
        ("name\nÉmile\nE\u0301mile", "is listed twice; name them apart."),
        ("name\nA\u200dna", 'line 2: the name "A\\u200dna" needs letters that can be shown.'),
        ("name\nA\u202ena", 'line 2: the name "A\\u202ena" needs letters that can be shown.'),
        ("name\nAnna\nanna", 'line 3: "anna" is listed twice; name them apart.'),
        (b"name\n\xff\xfe", 'is not text in UTF-8; save it as "CSV UTF-8".'),
        ("name\n" + "A" * 1_000_000, "is too large for a list of runners."),
        ("name\n" + "".join(f"{k}\n" for k in range(1001)), "lists 1001 runners"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(UserError) as error:
        team(tmp_path, content)
    assert reason in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "team.csv"))


def test_names_are_written_as_their_languages_do(tmp_path: Path) -> None:
    names = ["می\u200cخواهم", "क्\u200dषमा", "👩\u200d👧"]
    assert team(tmp_path, "name\n" + "\n".join(names)) == [Member(name) for name in names]


def test_other_columns_are_named_once_and_ignored(tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("Club;name;T-shirt;cadence;voices\nSC;Anna;M;158;x\nSC;Ben;L;165;y\n")
    told: list[str] = []
    assert read_team(file, VOICES, told.append) == [Member("Anna", 158), Member("Ben", 165)]
    assert told == [
        f'{file}: these columns are ignored: "club", "t-shirt", "voices" (did you mean voice?).'
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"team\.csv: No such file"):
        read_team(tmp_path / "team.csv", VOICES)
