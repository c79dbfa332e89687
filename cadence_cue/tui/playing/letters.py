"""Letters three rows high, for what has to be read from two metres."""

from __future__ import annotations

import textwrap

ROWS = 3
"""The rows of a line."""

# Five rows of pixels each; two rows of pixels make a row of half blocks.
_PIXELS = {
    "A": ".#. #.# ### #.# #.#",
    "B": "##. #.# ##. #.# ##.",
    "C": ".## #.. #.. #.. .##",
    "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": ".## #.. #.# #.# .##",
    "H": "#.# #.# ### #.# #.#",
    "I": "### .#. .#. .#. ###",
    "J": "..# ..# ..# #.# .#.",
    "K": "#.# #.# ##. #.# #.#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": ".#. #.# #.# #.# .#.",
    "P": "##. #.# ##. #.. #..",
    "Q": ".#. #.# #.# ##. .##",
    "R": "##. #.# ##. #.# #.#",
    "S": ".## #.. .#. ..# ##.",
    "T": "### .#. .#. .#. .#.",
    "U": "#.# #.# #.# #.# ###",
    "V": "#.# #.# #.# #.# .#.",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###",
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    " ": ".. .. .. .. ..",
    ".": ". . . . #",
    ",": ".. .. .. .# #.",
    ":": ". # . # .",
    "·": "... ... .#. ... ...",
    "!": "# # # . #",
    "?": "### ..# .## ... .#.",
    "-": "... ... ### ... ...",
    "+": "... .#. ### .#. ...",
    "/": "..# ..# .#. #.. #..",
    "%": "#.# ..# .#. #.. #.#",
    "(": ".# #. #. #. .#",
    ")": "#. .# .# .# #.",
    "'": "# # . . .",
    "’": "# # . . .",
    "…": "..... ..... ..... ..... #.#.#",
    "–": "... ... ### ... ...",
}
_HALVES = {"..": " ", "#.": "▀", ".#": "▄", "##": "█"}


def lettered(text: str, width: int, lines: int) -> list[str]:
    """The rows of a text in at most so many lines; [] if it does not fit or has other letters."""
    capitals = text.upper()
    if not lines or not capitals.strip() or not set(capitals) <= _PIXELS.keys():
        return []
    narrow = min(map(_width, _PIXELS.values())) + 1
    for columns in range(width // narrow, 0, -1):  # of letters: those that fit are broken evenly
        broken = textwrap.wrap(capitals, columns, break_long_words=False)
        if len(broken) > lines:
            return []
        rows = [row for line in broken for row in _line(line)]
        if max(map(len, rows)) <= width:
            return rows
    return []


def _width(pixels: str) -> int:
    return pixels.index(" ")


def _line(text: str) -> list[str]:
    """The three rows of one line."""
    glyphs = [_PIXELS[letter].split() for letter in text]
    pixels = [".".join(glyph[row] for glyph in glyphs) for row in range(5)]
    pixels.append("." * len(pixels[0]))
    return [
        "".join(_HALVES[upper + lower] for upper, lower in zip(*pixels[row : row + 2], strict=True))
        for row in (0, 2, 4)
    ]
