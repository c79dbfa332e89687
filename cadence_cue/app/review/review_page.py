"""A review as one HTML page, to look at and to print; it loads nothing and runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from cadence_cue.app.moments import minute_of
from cadence_cue.app.review import review_text
from cadence_cue.app.review.review import Reviewed
from cadence_cue.coaching.pages import clock
from cadence_cue.export.page import PRINT, STYLE, document
from cadence_cue.season.reviewing import BANDS

_STYLE = """
body{max-width:62rem}
svg{width:100%;height:auto;margin:1rem 0 .2rem;font:12px system-ui,sans-serif}
svg text{fill:var(--quiet)}
.grid{stroke:var(--line)}.you{fill:var(--ink)}
.on{stroke:var(--mark);stroke-width:3}.off{stroke:var(--mark);stroke-width:3;stroke-dasharray:2 5}
.wide{overflow-x:auto}.wide svg{min-width:34rem}th,td{white-space:nowrap}
th{text-align:left;font-weight:600;padding:.1rem .6rem .3rem 0}
td:nth-child(n+3),th:nth-child(n+3){text-align:right}
tr.ramp td{color:var(--quiet)}
.band{fill:var(--mark);opacity:.16}
@media(max-width:34rem){table{font-size:.78rem}th{white-space:normal;overflow-wrap:normal}
td,th{padding-right:.3rem}}
"""

_WIDTH, _HEIGHT, _LEFT, _BELOW = 900, 300, 40, 24
_HALF_A_TIME = 20  # of the same units, to either side of its place
_NEAR = BANDS[1] / 100  # of the target
_ROOM = 6  # steps a minute above and below all that is shown


_LEGEND = (
    "Each dot is a record of the watch. The line is the target: solid with a click, dotted "
    "without; the band reaches 3 % above and below it."
)
_APART = (
    "The first 20 s of each phase are for finding the step and do not count; ramps stand apart."
)


def page(result: Reviewed) -> str:
    """Return the HTML page of a review."""
    when = minute_of(result.run.started)
    body = [
        f"<h1>{escape(result.title)}</h1>",
        f'<p class="quiet">{when}. {escape(review_text.started(result))}</p>',
        *(f"<p>{escape(line)}</p>" for line in review_text.sentences(result)),
        *_chart(result),
        f'<p class="quiet">{_LEGEND}</p>',
        "<h2>Phases</h2>",
        *_table(result),
        f'<p class="quiet">{_APART}</p>',
    ]
    return document(f"{result.title}, {when}", STYLE + _STYLE + PRINT, body)


def _table(result: Reviewed) -> Iterator[str]:
    heads = "".join(f"<th>{escape(name.capitalize())}</th>" for name in review_text.COLUMNS)
    yield f'<div class="wide"><table><tr>{heads}</tr>'
    for each in result.review.phases:
        if each.figures.moving_s:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in review_text.row(each))
            yield f'<tr class="{"ramp" if each.phase.ramp else ""}">{cells}</tr>'
    yield "</table></div>"


def _chart(result: Reviewed) -> Iterator[str]:
    """Yield an SVG of the cadence and the targets over time."""
    run, phases = result.run, [each.phase for each in result.review.phases]
    on = run.running
    seconds, cadence = run.seconds[on] - result.review.start, run.cadence[on]
    targets = [tempo for phase in phases for tempo in phase.target or ()]
    values = [*targets, *np.percentile(cadence, (1, 99)).tolist()] if len(cadence) else targets
    if not values:
        return
    low, high = min(values) - _ROOM, max(values) + _ROOM
    first = min(0.0, *seconds.tolist()) if len(seconds) else 0.0
    last = max([phase.end for phase in phases] + seconds.tolist())

    def x(at: float) -> str:
        return f"{_LEFT + (_WIDTH - _LEFT) * (at - first) / (last - first):.1f}"

    def y(steps: float) -> str:
        inside = min(max(steps, low), high)
        return f"{(_HEIGHT - _BELOW) * (high - inside) / (high - low):.1f}"

    yield f'<div class="wide"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
    yield ' aria-label="Cadence over time">'
    for steps in range(int(low / 10 + 1) * 10, int(high) + 1, 10):
        yield f'<path class="grid" d="M{_LEFT} {y(steps)}H{_WIDTH}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y(steps)}" dy="4" text-anchor="end">{steps}</text>'
    for at in range(0, int(last - _HALF_A_TIME * (last - first) / _WIDTH) + 1, 300):
        yield f'<text x="{x(at)}" y="{_HEIGHT - 6}" text-anchor="middle">{clock(at)}</text>'
    dots = zip(seconds.tolist(), cadence.tolist(), strict=True)
    yield "".join(f'<circle class="you" cx="{x(at)}" cy="{y(of)}" r="1.2"/>' for at, of in dots)
    for phase in phases:
        if phase.target:
            kind = "on" if phase.clicks else "off"
            (low_at, high_at), (begin, end) = phase.target, (phase.start, phase.end)
            up, down = 1 + _NEAR, 1 - _NEAR
            ends = f"M{x(begin)} {y(low_at)}L{x(end)} {y(high_at)}"
            edges = ((begin, low_at * up), (end, high_at * up),
                     (end, high_at * down), (begin, low_at * down))  # fmt: skip
            corners = "L".join(f"{x(at)} {y(steps)}" for at, steps in edges)
            yield f'<path class="band" d="M{corners}Z"/><path class="{kind}" d="{ends}"/>'
    yield "</svg></div>"
