"""HTML for sharing: the page that a phone opens, and the card to print.

Each is one self-contained file, which loads nothing else but the track.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

from cadence_cue.coaching.drill import Drill, Library, Statement
from cadence_cue.coaching.pages import HEALTH, clock
from cadence_cue.export.page import PRINT, STYLE, document
from cadence_cue.export.track import Track
from cadence_cue.share.file_tags import FileTags

_STYLE = (
    STYLE
    + """
header{display:flex;gap:1rem;align-items:center}
img{width:6.5rem;border-radius:.6rem}
audio{width:100%;margin:1rem 0 .6rem}
a.keep{display:block;padding:.8rem;border-radius:.6rem;background:var(--mark);color:var(--paper);
text-align:center;font-weight:600;text-decoration:none}
ol{list-style:none;padding:0;margin:0}
ol li{margin:0}
button{display:flex;gap:.8rem;width:100%;padding:.8rem 0;border:0;border-radius:0;
border-bottom:1px solid var(--line);background:none;color:inherit;font:inherit;text-align:left}
button[aria-current=true]{color:var(--mark);font-weight:600}
button .quiet{min-width:3.2rem;font-variant-numeric:tabular-nums}
details{border-bottom:1px solid var(--line)}summary{padding:.8rem 0;cursor:pointer}
"""
)

_CARD = """
@media print{img{width:16mm;border-radius:1mm}
.columns{columns:2;column-gap:8mm;margin-top:.6rem}.columns h2:first-child{margin-top:0}}
"""

_SCRIPT = """
const player=document.querySelector('audio');
const all=[...document.querySelectorAll('button')];
for(const each of all)each.onclick=()=>{
const seek=()=>{player.currentTime=each.dataset.at};
if(player.readyState)seek();else player.addEventListener('loadedmetadata',seek,{once:true});
player.play()};
player.ontimeupdate=()=>{
const now=all.filter(each=>each.dataset.at<=player.currentTime+.05).pop();
for(const each of all)each.setAttribute('aria-current',each===now)};
player.onerror=()=>{document.querySelector('[role=alert]').hidden=false};
"""

_KEEP = (
    "iPhone: tap the button, then Download. The Files app has it, under Downloads.",
    "Android: tap the button. The file is in Downloads, where music apps find it.",
)


_TROUBLE = (
    "It cannot be played here: either this browser does not know the format (share an MP3), or the "
    "sharing has ended."
)


def page(tags: FileTags, drills: Iterable[Drill], address: str, nonce: str) -> str:
    """The HTML page of a shared track; `address` is its file's, `nonce` the one of its script."""
    chapters = "".join(
        f'<li><button data-at="{at}"><span class="quiet">{clock(at)}</span>'
        f"<span>{escape(title)}</span></button></li>"
        for at, title in tags.chapters
    )
    how = "".join(
        f"<details><summary>{escape(drill.name)}</summary>{_how_to(drill)}</details>"
        for drill in drills
    )
    body = [
        _header(tags.title, clock(tags.seconds), tags.cover),
        f'<audio controls preload="metadata" src="{address}"></audio>',
        f'<p role="alert" hidden>{_TROUBLE}</p>',
        f'<a class="keep" href="{address}?keep">Keep it on this phone</a>',
        *(f'<p class="quiet">{escape(line)}</p>' for line in _KEEP),
        _care(),
        f"<h2>Phases</h2><ol>{chapters}</ol>" if chapters else "",
        f"<h2>How to</h2>{how}" if how else "",
        f'<script nonce="{nonce}">{_SCRIPT}</script>',
    ]
    return document(tags.title, _STYLE, body)


def card(track: Track, below: str, drills: Iterable[Drill]) -> str:
    """An HTML page to print: the track's phases, each drill's how-to, and the health advice.

    `below` is the line under the title.
    """
    rows = "".join(
        f"<tr><td>{clock(each.start / track.rate)}</td><td>{escape(each.title)}</td>"
        f"<td>{clock((each.end - each.start) / track.rate)}</td></tr>"
        for each in track.chapters
    )
    how = "".join(
        f"<section><h2>{escape(drill.name)}</h2>{_how_to(drill)}</section>" for drill in drills
    )
    body = [
        _header(track.title, below, track.cover),
        _care(),
        f'<div class="columns"><section><h2>Phases</h2><table>{rows}</table></section>{how}</div>',
    ]
    return document(track.title, _STYLE + PRINT + _CARD, body)


def drills_of(titles: Iterable[str], library: Library) -> list[Drill]:
    """The drills whose names occur in chapter titles, each once, in the order of the chapters."""
    longest = sorted(library.drills.values(), key=lambda drill: -len(drill.name))
    found: dict[str, Drill] = {}
    for title in titles:
        drill = next((each for each in longest if each.name.lower() in title.lower()), None)
        if drill:
            found[drill.id] = drill
    return list(found.values())


def _header(title: str, below: str, cover: bytes) -> str:
    kind = "png" if cover.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(cover).decode()
    picture = f'<img alt="" src="data:image/{kind};base64,{data}">' if cover else ""
    words = f'<h1>{escape(title)}</h1><p class="quiet">{escape(below)}</p>'
    return f"<header>{picture}<div>{words}</div></header>"


def _care() -> str:
    return f"<h2>Take care</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in HEALTH)}</ul>"


def _how_to(drill: Drill) -> str:
    how, wrong = (
        escape(" ".join(map(_text, each)))
        for each in ((*drill.setup, *drill.movement), drill.mistakes)
    )
    return f"<p>{how}</p>" + (f'<p class="quiet">Mistakes: {wrong}</p>' if wrong else "")


def _text(each: Statement | str) -> str:
    return each if isinstance(each, str) else each.text
