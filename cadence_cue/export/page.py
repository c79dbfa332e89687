"""The look and the frame of every HTML page of the app: one self-contained file each."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1b1e23;--quiet:#5b626c;--paper:#fff;--line:#d9dce1;
--mark:#a35200}
@media(prefers-color-scheme:dark){:root{--ink:#f0ece1;--quiet:#a0a7b1;--paper:#0f1216;
--line:#2c323b;--mark:#ffb454}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:42rem;padding:1.2rem;background:var(--paper);color:var(--ink);
font:1.05rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:.3rem 0}
h2{font-size:1.1rem;margin:1.6rem 0 .4rem;color:var(--mark)}
p,li{margin:.3rem 0}ul{margin:.3rem 0;padding-left:1.2rem}
.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%}td{padding:.1rem .6rem .1rem 0;vertical-align:top;
font-variant-numeric:tabular-nums}
td:last-child{text-align:right}
section{break-inside:avoid}
"""

PRINT = """
@page{margin:12mm}
@media print{:root{color-scheme:light;--ink:#000;--quiet:#444;--paper:#fff;--line:#bbb;
--mark:#000}
body{max-width:none;padding:0;font-size:8.5pt;line-height:1.3}h1{font-size:15pt}
h2{font-size:9.5pt;margin:.5rem 0 .1rem}}
"""


def document(title: str, style: str, body: Iterable[str]) -> str:
    """Return a whole page; `style` is CSS, `body` its HTML in pieces."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )
