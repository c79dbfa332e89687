"""The text of a TOML file that somebody wrote by hand, and what is often mistyped in it."""

from __future__ import annotations

import codecs
import re

from cadence_cue.errors import printable

_TYPOGRAPHIC = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_MISTAKEN = re.compile(f"[\"'{_TYPOGRAPHIC}]")


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
