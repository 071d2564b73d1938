"""The report of a run as one page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

from geoaddr.bulk.report import BatchReport
from geoaddr.bulk.report_charts import Bar, Drawing
from geoaddr.bulk.report_map import province_map
from geoaddr.bulk.report_style import STYLE
from geoaddr.bulk.report_words import LEVELS, STATUSES, WORDS
from geoaddr.bulk.tally import Tally
from geoaddr.locating import Locator
from geoaddr.text.figures import figure

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page: nothing."""


def page(report: BatchReport, locator: Locator, lang: str) -> str:
    """The page, in Vietnamese for ``vi`` and in English else.

    :param locator: whose boundaries the map is drawn from.
    """
    draw = Drawing(lang)
    tally = report.tally
    body = [_summary(report, draw)]
    if tally is None:
        body.append(f"<p>{draw.say('finished')}</p>")
    else:
        body += [_charts(report, tally, draw), _map(report, tally, locator, draw), _listed(report, tally, draw)]
    body.append(_provenance(report, draw))
    title = f"{draw.say('title')}: {escape(report.verb)}"
    return (
        f'<!doctype html>\n<html lang="{"vi" if lang == "vi" else "en"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f"{''.join(body)}</main></body></html>\n"
    )


def _section(draw: Drawing, heading: str, inside: str) -> str:
    return f"<section><h2>{draw.say(heading)}</h2>{inside}</section>"


def _summary(report: BatchReport, draw: Drawing) -> str:
    """The figures that a manager asks for first."""
    statuses = report.counts.get("status", Counter())
    wrong, none = statuses["error"], statuses["not_found"]
    cards = [(draw.count(report.rows), "rows")]
    if report.tally is not None:
        cards += [
            (draw.share(report.rows - wrong - none, report.rows), "answered"),
            (draw.share(statuses["ok"], report.rows), "sure"),
            (draw.share(wrong, report.rows), "wrong"),
        ]
    shown = "".join(f"<li><b>{escape(value)}</b> {draw.say(key)}</li>" for value, key in cards)
    return f'<ul class="cards">{shown}</ul>'


def _charts(report: BatchReport, tally: Tally, draw: Drawing) -> str:
    statuses = report.counts.get("status", Counter())
    levels: Counter[str] = Counter()
    for (_, level), count in tally.by_level.items():
        levels[level] += count
    status_bars = [Bar(said.in_language(draw.lang), statuses[s], s) for s, said in STATUSES.items()]
    level_bars = [Bar(said.in_language(draw.lang), levels[level]) for level, said in LEVELS.items()]
    shown = [
        _section(draw, "by_status", draw.bars("by_status", status_bars, "status")),
        _section(draw, "by_level", draw.bars("by_level", level_bars, "level")),
    ]
    for column, about in tally.to_dict()["distributions"].items():
        if any(one["rows"] for one in about["bins"]):
            chart = draw.histogram(column, about["bins"], about["without"], "value")
            shown.append(_section(draw, column, chart))
    return "".join(shown)


def _map(report: BatchReport, tally: Tally, locator: Locator, draw: Drawing) -> str:
    by_name: dict[str, Counter[str]] = {}
    for (_, name, status), count in tally.provinces.items():
        by_name.setdefault(name, Counter())[status] += count
    heads = [draw_word("province", draw), *(said.in_language(draw.lang) for said in STATUSES.values())]
    ordered = sorted(by_name.items(), key=lambda item: -item[1].total())
    lines = [[name, *(draw.count(counts[status]) for status in STATUSES)] for name, counts in ordered]
    table = draw.grid(heads, lines, numbers=len(STATUSES))
    approximate = "" if report.pack.boundary_accuracy == "exact" else " " + draw.say("map_approximate")
    return _section(
        draw,
        "map",
        f'<div class="map">{province_map(tally, locator, draw)}</div>'
        f'<p class="soft">{draw.say("map_note")}{approximate}</p>'
        f"<details><summary>{draw.say('table')}</summary>{table}</details>",
    )


def _listed(report: BatchReport, tally: Tally, draw: Drawing) -> str:
    """Kinds of errors, and the rows that need a look: these repeat what the file holds."""
    shown = ""
    if tally.kinds:
        lines = [[kind, draw.count(count)] for kind, count in tally.kinds.most_common()]
        heads = [draw_word("error", draw), draw_word("rows", draw)]
        shown += _section(draw, "errors", draw.grid(heads, lines, numbers=1))
    errors = [[draw.count(e["row"]), e["error"]] for e in report.errors]
    weakest = [_weak(row, draw) for row in tally.weakest.rows()]
    if errors:
        heads = [draw_word("row", draw), draw_word("error", draw)]
        shown += _section(draw, "first_errors", draw.grid(heads, errors))
    if weakest:
        heads = [draw_word(key, draw) for key in ("row", "asked", "status", "commune", "certainty")]

        shown += _section(draw, "weakest", draw.grid(heads, weakest, numbers=1))
    return shown + (f'<p class="soft">{draw.say("personal")}</p>' if errors or weakest else "")


def _weak(row: dict[str, Any], draw: Drawing) -> list[str]:
    asked = ", ".join(str(row[role]) for role in ("text", "code", "lat", "lon") if row.get(role) is not None)
    commune = " ".join(part for part in (row["commune"], row["commune_code"]) if part)
    status = STATUSES.get(row["status"])
    confidence = "" if row["confidence"] is None else figure(row["confidence"], draw.lang, ".2f")
    return [
        draw.count(row["row"]),
        asked,
        status.in_language(draw.lang) if status else str(row["status"]),
        ", ".join(part for part in (commune, row["province"]) if part),
        confidence,
    ]


def _provenance(report: BatchReport, draw: Drawing) -> str:
    pack = report.pack
    rate = f" ({draw.count(round(report.rows / report.seconds))} {draw.say('rate')})" if report.seconds else ""
    facts = [
        ("verb", escape(report.verb)),
        ("out", escape(report.out)),
        ("data", escape(f"{pack.name} {pack.version} ({pack.date})")),
        ("software", escape(f"geoaddr {report.to_dict()['version']}")),
        ("points", None if report.system is None else escape(report.system.said.in_language(draw.lang))),
        ("time", f"{figure(report.seconds, draw.lang, ',.1f')} {draw.say('seconds')}{rate}"),
    ]
    lines = "".join(f"<dt>{draw.say(key)}</dt><dd>{value}</dd>" for key, value in facts if value is not None)
    return _section(draw, "provenance", f"<dl>{lines}</dl>")


def draw_word(key: str, draw: Drawing) -> str:
    """A word of the page, not escaped yet."""
    return WORDS[key].in_language(draw.lang)
