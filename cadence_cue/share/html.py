"""The page that a phone opens, and the card that lies beside a track: one file each, no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from cadence_cue.coaching.model import Drill, Library, Statement
from cadence_cue.coaching.pages import HEALTH, clock
from cadence_cue.share.told import Told
from cadence_cue.timing.timeline import Mark

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1e23;--quiet:#5b626c;--paper:#fff;--line:#d9dce1;
--mark:#a35200}
@media(prefers-color-scheme:dark){:root{--ink:#f0ece1;--quiet:#a0a7b1;--paper:#0f1216;
--line:#2c323b;--mark:#ffb454}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:42rem;padding:1.2rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.5 system-ui,sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:.3rem 0}
h2{font-size:1.1rem;margin:1.6rem 0 .4rem;color:var(--mark)}
p,li{margin:.3rem 0}ul{padding-left:1.2rem}
.quiet{color:var(--quiet)}
audio{width:100%;margin:1rem 0 .6rem}
a.keep,button{display:block;width:100%;padding:.8rem;border:1px solid var(--line);
border-radius:.6rem;background:none;color:inherit;font:inherit;text-align:left;
text-decoration:none}
a.keep{background:var(--mark);color:var(--paper);text-align:center;font-weight:600}
ol{list-style:none;padding:0}
button{border-width:0 0 1px;border-radius:0;display:flex;gap:1rem}
button .quiet,td:first-child{font-variant-numeric:tabular-nums}
details{border-bottom:1px solid var(--line)}summary{padding:.8rem 0;cursor:pointer}
table{border-collapse:collapse;width:100%}td{padding:.1rem .6rem .1rem 0;vertical-align:top}
section{break-inside:avoid}
"""

_PRINT = """
@page{size:A4;margin:14mm}
@media print{:root{color-scheme:light;--ink:#000;--quiet:#444;--paper:#fff;--line:#bbb;
--mark:#000}
body{max-width:none;padding:0;font-size:8.5pt;line-height:1.3}h1{font-size:15pt}
h2{font-size:9.5pt;margin:.5rem 0 .1rem}.columns{columns:2;column-gap:8mm}}
"""

_SCRIPT = """
const player=document.querySelector('audio');
for(const each of document.querySelectorAll('button'))
each.onclick=()=>{player.currentTime=Number(each.dataset.at);player.play()};
"""

_KEEP = (
    "iPhone: tap the button, then the download's arrow, and it lies in Files under Downloads.",
    "Android: tap the button; it lies in Downloads, where your music app finds it.",
)


def page(told: Told, drills: Iterable[Drill], address: str, nonce: str) -> str:
    """The page of a shared track, with the address of its file and the nonce of its script."""
    chapters = "".join(
        f'<li><button data-at="{at}"><span class="quiet">{clock(at)}</span>'
        f"<span>{escape(title)}</span></button></li>"
        for at, title in told.chapters
    )
    body = [
        f"<h1>{escape(told.title)}</h1>",
        f'<p class="quiet">{clock(told.seconds)}</p>',
        f'<audio controls preload="metadata" src="{address}"></audio>',
        f'<a class="keep" href="{address}?keep">Keep it on this phone</a>',
        *(f'<p class="quiet">{escape(line)}</p>' for line in _KEEP),
        f"<h2>Phases</h2><ol>{chapters}</ol>" if chapters else "",
        _care(),
        "".join(_folded(drill) for drill in drills),
        f'<script nonce="{nonce}">{_SCRIPT}</script>',
    ]
    return _document(told.title, _STYLE, body)


def card(title: str, below: str, marks: Sequence[Mark], rate: int, drills: Iterable[Drill]) -> str:
    """A page to print: the phases, how to do each drill, and what to care for."""
    begin = marks[0].start if marks else 0
    rows = "".join(
        f"<tr><td>{clock((mark.start - begin) / rate)}</td><td>{escape(mark.title)}</td>"
        f"<td>{_tempo(mark)}</td><td>{clock(mark.frames / rate)}</td></tr>"
        for mark in marks
    )
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(below)}</p>',
        _care(),
        f'<div class="columns"><section><h2>Phases</h2><table>{rows}</table></section>',
        "".join(
            f"<section><h2>{escape(drill.name)}</h2>{_how_to(drill)}</section>" for drill in drills
        ),
        "</div>",
    ]
    return _document(title, _STYLE + _PRINT, body)


def drills_of(titles: Iterable[str], library: Library) -> list[Drill]:
    """The drills that the titles of chapters name, each once."""
    longest = sorted(library.drills.values(), key=lambda drill: -len(drill.name))
    found: dict[str, Drill] = {}
    for title in titles:
        plain = title.lower().removeprefix("how to: ")
        drill = next((each for each in longest if plain.startswith(each.name.lower())), None)
        if drill:
            found[drill.id] = drill
    return list(found.values())


def _document(title: str, style: str, body: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _care() -> str:
    return f"<h2>Take care</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in HEALTH)}</ul>"


def _folded(drill: Drill) -> str:
    return f"<details><summary>{escape(drill.name)}</summary>{_how_to(drill)}</details>"


def _how_to(drill: Drill) -> str:
    how, wrong = (
        escape(" ".join(map(_text, each)))
        for each in ((*drill.setup, *drill.movement), drill.mistakes)
    )
    return f"<p>{how}</p>" + (f'<p class="quiet">Mistakes: {wrong}</p>' if wrong else "")


def _text(each: Statement | str) -> str:
    return each if isinstance(each, str) else each.text


def _tempo(mark: Mark) -> str:
    if not mark.tempo:
        return ""
    return "–".join(dict.fromkeys(f"{tempo:.0f}" for tempo in (mark.tempo, mark.end_tempo)))
