"""Reads a TOML file that somebody wrote by hand, and finds what is often mistyped in one."""

from __future__ import annotations

import codecs
import re
import stat
import tomllib
from pathlib import Path

from cadence_cue.coaching.table import mistake
from cadence_cue.errors import UserError, printable

LARGEST = 1 << 20
"""Bytes; a session, or a drill, is a short text."""

_TYPOGRAPHIC = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_MISTAKEN = re.compile(f"[\"'{_TYPOGRAPHIC}]")
# A key of very many parts costs Python's TOML reader minutes and gigabytes; ours have at most two.
_LONG_KEY = re.compile(
    r"""(?:^|[\[{,])[ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){8}""",
    flags=re.MULTILINE,
)


def text_in(path: Path, named: str) -> str:
    """Return the text of a regular file; opening anything else might hang.

    Raises UserError, in which the file is `named`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError("is not a file that can be read", where=named)
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UserError("there is no such file", where=named) from None
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", where=named) from None
    except ValueError:  # the name contains a NUL
        raise UserError("is not the name of a file", where=named) from None
    if len(raw) > LARGEST:
        raise UserError("is larger than 1 MiB; it is meant to be a short text", where=named)
    try:
        return decoded(raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise mistake(named, "", line, not_utf_8(raw)) from None


def data_in(text: str, named: str) -> dict[str, object]:
    """Return the data of a TOML text. Raises UserError, in which the file is `named`."""
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise mistake(named, "", line, "a key has too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UserError("is nested too deeply", where=named) from None
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", reason)
        line = 0 if at is None else int(at[1] or text.count("\n") + 1)
        what = reason[: at.start()] if at else reason
        what = mistyped(text, line, what) or f"is not valid TOML: {printable(what[:100])}"
        raise mistake(named, "", line, what) from None
    except ValueError:  # Python's limit on digits, the only other cause
        raise UserError("a number has too many digits", where=named) from None


def not_utf_8(raw: bytes) -> str:
    """Return what is wrong with the encoding of a file that `decoded` refuses."""
    wide = raw[:2].strip(b"\0")  # its first letter, where it has no mark
    mark = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    letter = len(raw) > 1 and len(wide) == 1 and wide.decode("latin-1").isprintable()
    found = "is text in UTF-16" if mark or letter else ""
    return f"{found or 'is not text in UTF-8'}: save it as UTF-8 in your editor"


def decoded(raw: bytes) -> str:
    """Return the text of a file in UTF-8. Raises UnicodeDecodeError, for UTF-16 too."""
    text = raw.decode("utf-8-sig")
    if "\0" in text[:4]:  # UTF-16 without its mark, of letters as they are in TOML
        raise UnicodeDecodeError("utf-8", raw, raw.index(b"\0"), raw.index(b"\0") + 1, "UTF-16")
    return text


def mistyped(text: str, line: int, reason: str) -> str:
    """Return what people often mistype in TOML, if it is in that line; else "".

    `reason` is what the parser says.
    """
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return ""
    written = lines[line - 1]
    if '"""' in written or "'''" in written:
        return ""
    rest = _STRING.sub("", written).split("#")[0]  # what is outside of strings
    key, equals, value = (each.strip() for each in rest.partition("="))
    mark = _MISTAKEN.search(rest)
    brackets = [key.count(bracket) for bracket in "[]"]
    string = _STRING.search(written.split("#")[0])
    bare = value[:1].isalnum() or value[:1] in ("+", "-")
    mistakes = {
        f"gives {printable(key)} for the second time": reason.startswith("Cannot overwrite"),
        'has typographic quotes; write straight ones: "': mark and mark[0] in _TYPOGRAPHIC,
        "has a quote without its partner": mark,
        "has a bracket without its partner": key[:1] == "[" and brackets[0] != brackets[1],
        'needs "=" between a key and its value': not equals and ":" in key and key[:1] != "[",
        "ends with a comma, which it must not": value[-1:] == "," and not {*"[{"} & {*value},
        f"needs true or false, not {value}": value.lower() in ("true", "false", "yes", "no"),
        f"needs a point: {value.replace(',', '.')}": re.fullmatch(r"[+-]?\d+,\d+", value),
        "has no value": equals and not value and not string,
        f'needs quotes: "{printable(value)}"': bare and not string,
    }
    return next((text for text, found in mistakes.items() if found), "")
