"""The command `music`: which of the runner's songs can be matched to a cadence."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cadence_cue.app.options import expanded
from cadence_cue.cli import shared
from cadence_cue.cli.music import heard_songs, match_limit_option


@click.command("music")
@click.argument("place", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--cadence", type=shared.Cadence(),
              help="Steps a minute to match to; by default your own cadence.")  # fmt: skip
@match_limit_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
@shared.plain_errors
def music_command(place: Path, *, cadence: float | None, match_limit: float, as_json: bool) -> None:
    """Tell the tempo of your music, and which of it can be matched to your step.

    A song fits if its beats, or every second one, or two for each, come within the limit of the
    cadence. Each file is listened to once; stopped with Ctrl-C, it goes on from there the next
    time.
    """
    from cadence_cue.app.music.songs import in_words, verdict
    from cadence_cue.music.pieces import pieces_of

    tempo = float(cadence or shared.load_settings().cadence_spm())
    pieces = pieces_of(expanded(place), None)
    for sentence in pieces.left_out:
        shared.notice(sentence)
    verdicts = [verdict(song, tempo, match_limit) for song in heard_songs(pieces)]
    if as_json:
        click.echo(json.dumps([each.data for each in verdicts], indent=1))
        return
    for line in in_words(verdicts, tempo, match_limit):
        shared.say(line)
