"""What players show of a file: tags, cover, chapters and the words that are spoken.

Each format has its own way to say the same; chapters are in milliseconds where the format has no
frames, and exact in WAV. mutagen is known here and in `share.told`, which reads it back.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import mutagen
from mutagen import id3
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from cadence_cue.export import wave_chunks
from cadence_cue.export.track import Track

TagError = mutagen.MutagenError

_UTF16 = id3.Encoding.UTF16  # the one Unicode that ID3v2.3 has, which every player reads
_LANGUAGE = "eng"
_IN_A_LIST = 255  # chapters that one table of contents of ID3 can count
_VORBIS_CHAPTERS = 999  # their numbers have three digits
_MP4_TITLE = 255  # bytes of a chapter's: ffmpeg cuts a longer one, in the middle of a letter too


def write_tags(path: Path, ending: str, track: Track) -> None:
    """Add to a finished file of a format, named by its ending, all that the track tells.

    Raises OSError and TagError.
    """
    _WRITERS[ending](path, track)


def seconds_of(path: Path) -> float:
    """How long an M4A file says that it is. Raises OSError and TagError."""
    return float(MP4(path).info.length)


def lrc(track: Track) -> str:
    """The spoken words as LRC: one line each, with minutes, seconds and hundredths."""
    lines = []
    for line in track.lines:
        minutes, rest = divmod(round(100 * line.start / track.rate), 6000)
        lines.append(f"[{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}]{line.text}")
    return "\n".join(lines)


def ffmetadata(track: Track) -> str:
    """The chapters as ffmpeg reads them, for an M4A; the file's frames are the unit."""
    lines = [";FFMETADATA1"]
    for chapter in track.chapters:
        short = chapter.title.encode()[:_MP4_TITLE].decode(errors="ignore")
        title = "".join(f"\\{c}" if c in "=;#\\\n" else c for c in short)
        lines += ["[CHAPTER]", f"TIMEBASE=1/{track.rate}",
                  f"START={chapter.start}", f"END={chapter.end}", f"title={title}"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _milliseconds(frame: int, track: Track) -> int:
    return round(1000 * frame / track.rate)


def _id3(track: Track) -> id3.ID3:
    tags = id3.ID3()

    def add(frame: type[id3.Frame], **values: object) -> None:
        tags.add(frame(encoding=_UTF16, **values))

    for frame, text in (
        (id3.TIT2, track.title),
        (id3.TPE1, track.artist),
        (id3.TALB, track.album),
        (id3.TDRC, track.date),
        (id3.TCON, track.genre),
        (id3.TRCK, str(track.number or "")),
        (id3.TBPM, str(track.bpm or "")),
        (id3.TLEN, str(_milliseconds(track.frames, track))),
    ):
        if text:
            add(frame, text=[text])
    if track.comment:
        add(id3.COMM, lang=_LANGUAGE, desc="", text=[track.comment])
    if track.cover:
        kind = id3.PictureType.COVER_FRONT
        add(id3.APIC, mime="image/png", type=kind, desc="", data=track.cover)
    if track.lines:
        timed = [(line.text, _milliseconds(line.start, track)) for line in track.lines]
        add(id3.SYLT, lang=_LANGUAGE, format=2, type=1, desc="", text=timed)
        plain = "\n".join(line.text for line in track.lines)
        add(id3.USLT, lang=_LANGUAGE, desc="", text=plain)
    return tags


def _add_chapters(tags: id3.ID3, track: Track) -> None:
    names = _names(track)
    for name, chapter in zip(names, track.chapters, strict=True):
        tags.add(
            id3.CHAP(
                element_id=name,
                start_time=_milliseconds(chapter.start, track),
                end_time=_milliseconds(chapter.end, track),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[id3.TIT2(encoding=_UTF16, text=[chapter.title])],
            )
        )
    lists = [names[k : k + _IN_A_LIST] for k in range(0, len(names), _IN_A_LIST)]
    top = lists[0] if len(lists) == 1 else [f"toc{k}" for k in range(len(lists))]
    ordered, first = id3.CTOCFlags.ORDERED, id3.CTOCFlags.TOP_LEVEL
    if top is not lists[0]:
        for name, children in zip(top, lists, strict=True):
            tags.add(id3.CTOC(element_id=name, flags=ordered, child_element_ids=children))
    tags.add(id3.CTOC(element_id="toc", flags=ordered | first, child_element_ids=top))


def _names(track: Track) -> list[str]:
    """An id for each chapter, the longer the shorter its title is.

    mutagen sorts frames by their length and then by their id, and some players show the chapters
    as they stand in the file.
    """
    lengths = [len(chapter.title.encode("utf-16")) for chapter in track.chapters]
    most = max(lengths, default=0)
    return [f"chp{k:04d}{'-' * (most - length)}" for k, length in enumerate(lengths)]


def _mp3(path: Path, track: Track) -> None:
    tags = _id3(track)
    if track.chapters:
        _add_chapters(tags, track)
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3)


def _wav(path: Path, track: Track) -> None:
    content, tags = BytesIO(), _id3(track)  # its chapters are cue points
    tags.update_to_v23()
    tags.save(content, v1=0, v2_version=3)
    wave_chunks.append(path, track, content.getvalue())


def _m4a(path: Path, track: Track) -> None:
    file = MP4(path)
    told: dict[str, object] = {
        "\xa9nam": track.title,
        "\xa9ART": track.artist,
        "\xa9alb": track.album,
        "\xa9day": track.date,
        "\xa9gen": track.genre,
        "\xa9cmt": track.comment,
        "\xa9lyr": lrc(track),
        "tmpo": [track.bpm] if track.bpm else "",
        "trkn": [(track.number, 0)] if track.number else "",
        "covr": [MP4Cover(track.cover, MP4Cover.FORMAT_PNG)] if track.cover else "",
    }
    for key, value in told.items():
        if value:
            file[key] = value
    file.save()


def _comments(track: Track) -> dict[str, str]:
    """The comments of Vorbis, Opus and FLAC; https://xiph.org/vorbis/doc/v-comment.html."""
    told = {
        "TITLE": track.title,
        "ARTIST": track.artist,
        "ALBUM": track.album,
        "DATE": track.date,
        "GENRE": track.genre,
        "TRACKNUMBER": str(track.number or ""),
        "BPM": str(track.bpm or ""),
        "COMMENT": track.comment,
        "LYRICS": lrc(track),
    }
    for k, chapter in enumerate(track.chapters[:_VORBIS_CHAPTERS]):
        seconds, rest = divmod(_milliseconds(chapter.start, track), 1000)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        told[f"CHAPTER{k:03d}"] = f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{rest:03d}"
        told[f"CHAPTER{k:03d}NAME"] = chapter.title
    return {key: value for key, value in told.items() if value}


def _picture(track: Track) -> Picture:
    picture = Picture()
    picture.type = id3.PictureType.COVER_FRONT
    picture.mime, picture.data = "image/png", track.cover
    picture.width = picture.height = int.from_bytes(track.cover[16:20])  # it is a square
    picture.depth = 24
    return picture


def _flac(path: Path, track: Track) -> None:
    file = FLAC(path)
    file.update(_comments(track))
    if track.cover:
        file.add_picture(_picture(track))
    file.save()


def _ogg(kind: type[OggOpus | OggVorbis]) -> Callable[[Path, Track], None]:
    def write(path: Path, track: Track) -> None:
        file = kind(path)
        file.update(_comments(track))
        if track.cover:
            block = base64.b64encode(_picture(track).write()).decode()
            file["METADATA_BLOCK_PICTURE"] = block
        file.save()

    return write


_WRITERS: dict[str, Callable[[Path, Track], None]] = {
    ".mp3": _mp3,
    ".m4a": _m4a,
    ".wav": _wav,
    ".flac": _flac,
    ".ogg": _ogg(OggVorbis),
    ".opus": _ogg(OggOpus),
}
