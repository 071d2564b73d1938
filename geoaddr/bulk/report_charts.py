"""Charts of a report as inline SVG, each with a title, a description and its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from geoaddr.bulk.report_words import WORDS
from geoaddr.text.figures import figure

WIDTH, BAR, GAP, LABEL, VALUE = 640, 22, 8, 190, 130
"""Pixels: of a chart, of a bar and the room after it, of the texts at its two ends."""

PLOT, FOOT, COLUMN = 160, 36, 560
"""Pixels: the height of a histogram, of the room for its edges, its width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a chart: its label, its rows, the class that colours it."""

    label: str
    rows: int
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What makes charts in one language."""

    lang: str

    def say(self, key: str) -> str:
        """A sentence of the page, escaped."""
        return escape(WORDS[key].in_language(self.lang))

    def count(self, value: int) -> str:
        """A whole number."""
        return figure(value, self.lang)

    def share(self, rows: int, total: int) -> str:
        """A share of rows in per cent; what is there is never shown as nothing, nor what lacks some as all."""
        if not total:
            return "–"
        percent = 100 * rows / total
        if rows and percent < 0.1:
            return f"<{figure(0.1, self.lang, '.1f')} %"
        if rows < total and percent > 99.9:
            return f">{figure(99.9, self.lang, '.1f')} %"
        return f"{figure(percent, self.lang, '.1f')} %"

    def bars(self, name: str, bars: Sequence[Bar], heading: str) -> str:
        """A chart of lying bars, one for each value, and its table."""
        total, most = sum(bar.rows for bar in bars), max((bar.rows for bar in bars), default=0) or 1
        room = WIDTH - LABEL - VALUE
        parts = []
        for n, bar in enumerate(bars):
            y, long = n * (BAR + GAP), max(room * bar.rows / most, 1.5 if bar.rows else 0)
            parts.append(
                f'<text x="{LABEL - 8}" y="{y + BAR * 0.7:.0f}" text-anchor="end">{escape(bar.label)}</text>'
                f'<rect class="s-{bar.kind}" x="{LABEL}" y="{y}" width="{long:.1f}" height="{BAR}" rx="2"/>'
                f'<text x="{LABEL + long + 6:.1f}" y="{y + BAR * 0.7:.0f}">{self.count(bar.rows)} '
                f'<tspan class="soft">{escape(self.share(bar.rows, total))}</tspan></text>'
            )
        return self.svg(name, f"{name}_desc", WIDTH, len(bars) * (BAR + GAP), "".join(parts)) + self.table(
            heading, bars, total
        )

    def histogram(self, name: str, bins: Sequence[dict[str, Any]], without: int, heading: str) -> str:
        """A chart of standing bars, one for each bin, and its table."""
        most = max((b["rows"] for b in bins), default=0) or 1
        wide, left = COLUMN / len(bins), (WIDTH - COLUMN) / 2
        parts = [f'<line class="axis" x1="{left}" x2="{left + COLUMN}" y1="{PLOT + 16}" y2="{PLOT + 16}"/>']
        for n, one in enumerate(bins):
            x, high = left + n * wide, max(PLOT * one["rows"] / most, 1.5 if one["rows"] else 0)
            parts.append(
                f'<rect class="s-plain" x="{x + 1:.1f}" y="{PLOT + 16 - high:.1f}" width="{wide - 2:.1f}" '
                f'height="{high:.1f}"><title>{self._range(one)}: {self.count(one["rows"])}</title></rect>'
            )
            if len(bins) <= 12 or n % 4 == 0:
                parts.append(self._edge(x, one["from"]))
        if bins and bins[-1]["to"] is not None:
            parts.append(self._edge(left + COLUMN, bins[-1]["to"]))
        peak = max(range(len(bins)), key=lambda n: bins[n]["rows"])
        parts.append(
            f'<text class="soft" x="{left + (peak + 0.5) * wide:.1f}" y="10" text-anchor="middle">'
            f"{self.count(bins[peak]['rows'])}</text>"
        )
        rows = [Bar(self._range(one), one["rows"]) for one in bins]
        rows.append(Bar(WORDS["without"].in_language(self.lang), without))
        return self.svg(name, f"{name}_desc", WIDTH, PLOT + 16 + FOOT, "".join(parts)) + self.table(
            heading, rows, sum(row.rows for row in rows)
        )

    def _edge(self, x: float, value: float) -> str:
        return f'<text class="soft" x="{x:.1f}" y="{PLOT + 34}" text-anchor="middle">{self._number(value)}</text>'

    def _range(self, one: dict[str, Any]) -> str:
        high = "" if one["to"] is None else self._number(one["to"])
        return f"{self._number(one['from'])} – {high}".rstrip(" –") + ("" if high else " +")

    def _number(self, value: float) -> str:
        return figure(value, self.lang, ",.0f" if value >= 1 and value == int(value) else "g")

    def svg(self, title: str, desc: str, width: int, height: int, inside: str) -> str:
        """A drawing that says what it is to those who do not see it."""
        return (
            f'<svg role="img" aria-labelledby="{title}-t {title}-d" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}"><title id="{title}-t">{self.say(title)}</title>'
            f'<desc id="{title}-d">{self.say(desc)}</desc>{inside}</svg>'
        )

    def table(self, heading: str, bars: Sequence[Bar], total: int) -> str:
        """The numbers of a chart, folded away behind it."""
        lines = [[bar.label, self.count(bar.rows), self.share(bar.rows, total)] for bar in bars]
        heads = [WORDS[key].in_language(self.lang) for key in (heading, "rows", "share")]
        return f"<details><summary>{self.say('table')}</summary>{self.grid(heads, lines, numbers=2)}</details>"

    def grid(self, heads: Sequence[str], lines: Sequence[Sequence[object]], *, numbers: int = 0) -> str:
        """A table; its last ``numbers`` columns are aligned as numbers are."""
        first = len(heads) - numbers
        head = "".join(f'<th scope="col"{_side(n, first)}>{escape(h)}</th>' for n, h in enumerate(heads))
        body = "".join(
            "<tr>" + "".join(f"<td{_side(n, first)}>{_cell(value)}</td>" for n, value in enumerate(line)) + "</tr>"
            for line in lines
        )
        return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _side(column: int, first: int) -> str:
    return ' class="n"' if column >= first else ""


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))
