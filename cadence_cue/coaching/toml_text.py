"""The text of a TOML file that somebody wrote by hand, and what is often mistyped in it."""

from __future__ import annotations

from cadence_cue.errors import printable

NOT_UTF_8 = "is not text in UTF-8: save it as UTF-8 in your editor"

_TYPOGRAPHIC = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"


def decoded(raw: bytes) -> str:
    """Return the text of a file in UTF-8. Raises UnicodeDecodeError, for UTF-16 too."""
    text = raw.decode("utf-8-sig")
    if "\0" in text[:4]:  # UTF-16 without its mark, of letters as they are in TOML
        raise UnicodeDecodeError("utf-8", raw, raw.index(b"\0"), raw.index(b"\0") + 1, "UTF-16")
    return text


def mistyped(text: str, line: int) -> str:
    """Return what people often mistype in TOML, if it is in that line; else ""."""
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return ""
    written = lines[line - 1]
    if any(mark in written for mark in _TYPOGRAPHIC):
        return 'has typographic quotes; write straight ones: "'
    value = written.partition("=")[2].split("#")[0].strip()
    if value.count('"') % 2 and '"""' not in value:
        return "has a quote without its partner"
    if value and '"' not in value and "'" not in value and value[0].isalnum():
        return f'needs quotes: "{printable(value)}"'
    return ""
