"""An import's report as lines of text, in English or Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from geoaddr.errors import Said
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.importing.report import Disagreement, Duplicate, Ground, ImportReport, Repair

SHOWN_ROWS = 10
"""Rows printed of each list; the rest is counted, and stands in ``to_dict``."""

_FAULTS = {
    "unclosed_ring": Said("ring not closed", "vòng chưa khép kín"),
    "invalid": Said("invalid polygon", "đa giác không hợp lệ"),
    "collection": Said("lines or points beside polygons", "có đường hoặc điểm lẫn với đa giác"),
}
_FIELDS = {
    "name": Said("name", "tên"),
    "type": Said("type", "loại"),
    "accents": Said("accents", "dấu"),
    "province": Said("province", "tỉnh"),
    "file_name": Said("file name", "tên tệp"),
}
_HOW = {
    "same": Said("identical copies, one kept", "bản sao giống hệt, giữ một"),
    "parts": Said("parts, joined", "các phần, đã ghép lại"),
}

_LEVELS = {
    "province": ("  Provinces: ", "  Đơn vị cấp tỉnh: "),
    "district": ("  Districts: ", "  Đơn vị cấp huyện: "),
    "commune": ("  Communes: ", "  Đơn vị cấp xã: "),
}
_WORDS = {"one GeoJSON file a unit": "mỗi đơn vị một tệp GeoJSON", "not stated": "không ghi"}


def render(report: ImportReport, lang: str) -> str:
    """The whole report; sections with nothing to say are left out, those that judge say "none"."""
    say = _Speaker(lang)
    lines = [*_head(report, say), *_units(report, say), *_shapes(report, say), *_ground(report, say)]
    if report.notes:
        lines += ["", say("Notes", "Ghi chú"), *(f"  {note[say.lang]}" for note in report.notes)]
    lines += ["", say("Areas: ", "Diện tích: ") + report.area_method[say.lang]]
    return "\n".join(lines)


class _Speaker:
    def __init__(self, lang: str) -> None:
        self.lang = "vi" if lang == "vi" else "en"

    def __call__(self, en: str, vi: str) -> str:
        return vi if self.lang == "vi" else en

    def number(self, count: float, spec: str = ",") -> str:
        return figure(count, self.lang, spec)

    def km2(self, area: float, *, signed: bool = False) -> str:
        """An area in km², or in m² where it is less than a hundredth of one."""
        sign = "+" if signed else ""
        if abs(area) < 0.01:
            return f"{self.number(area * 1e6, f'{sign},.2f')} m²"
        return f"{self.number(area, f'{sign},.3f')} km²"

    def rows(self, items: Sequence[Any], line: Callable[[Any], str]) -> list[str]:
        shown = [f"    {line(item)}" for item in items[:SHOWN_ROWS]]
        rest = len(items) - len(shown)
        return (
            [*shown, self(f"    … and {self.number(rest)} more", f"    … và {self.number(rest)} mục nữa")]
            if rest > 0
            else shown
        )

    def section(self, heading: str, items: Sequence[Any], line: Callable[[Any], str]) -> list[str]:
        return [f"  {heading}: {self.number(len(items))}", *self.rows(items, line)] if items else []


def _head(report: ImportReport, say: _Speaker) -> list[str]:
    columns = ", ".join(f"{role} = {name}" for role, name in report.columns.items()) or "-"
    state = say("PARTIAL LAYER", "LỚP KHÔNG ĐẦY ĐỦ") if report.partial else say("complete", "đầy đủ")
    kind, system = (say(word, _WORDS.get(word, word)) for word in (report.format, report.crs))
    return [
        say("Import of boundaries", "Nhập ranh giới") + f": {report.source}",
        f"  {say('Format', 'Định dạng')}: {kind}; {say('coordinates', 'hệ tọa độ')}: {system}",
        f"  sha256: {report.sha256}",
        f"  {say('Columns', 'Cột')}: {columns}",
        say("  Features: ", "  Đối tượng: ")
        + f"{say.number(report.features)}; {say('units as of', 'đơn vị tính đến')} {report.as_of}",
        *_days(report, say),
        say(*_LEVELS[report.level])
        + f"{say.number(report.communes)} / {say.number(report.expected)} ({state}), {say.km2(report.area_km2)}",
    ]


def _days(report: ImportReport, say: _Speaker) -> list[str]:
    if report.valid_from is None:
        return []
    until = report.valid_to or say("open", "chưa kết thúc")
    return [f"  {say('Holds from', 'Có giá trị từ ngày')} {report.valid_from} {say('to', 'đến trước')} {until}"]


def _units(report: ImportReport, say: _Speaker) -> list[str]:
    lines = ["", say("Units", "Đơn vị")]
    seen = ", ".join(unit.name for unit in report.provinces)
    if report.provinces:
        lines.append(f"  {say('Provinces seen, not indexed', 'Tỉnh có trong lớp, không lập chỉ mục')}: {seen}")
    if report.districts:
        lines.append(
            say("  Districts seen, not indexed: ", "  Huyện có trong lớp, không lập chỉ mục: ")
            + say.number(report.districts)
        )
    lines += say.section(say("Missing", "Thiếu"), report.missing, lambda u: f"{u.code} {u.name}")
    lines += say.section(
        say("Unknown, left out", "Không rõ, không nhập"),
        report.unknown,
        lambda u: f"{u.code or '-'} {u.name} ({u.origin}): {say(u.why_en, u.why_vi)}",
    )
    lines += say.section(
        say("Without geometry, left out", "Không có hình học, không nhập"),
        report.without_geometry,
        lambda u: f"{u.code} {u.name}",
    )

    def disagreement(d: Disagreement) -> str:
        field = _FIELDS[d.field].in_language(say.lang)
        given = f"{say('the layer has', 'lớp dữ liệu ghi')} {d.given} ({d.origin})"
        return f"{d.code} {field}: {given}, {say('the gazetteer', 'danh mục ghi')} {d.expected}"

    def duplicate(d: Duplicate) -> str:
        return f"{d.code} {_HOW[d.how].in_language(say.lang)} ({', '.join(d.origins)})"

    lines += say.section(say("Disagreements", "Không khớp"), report.disagreements, disagreement)
    lines += say.section(say("Given more than once", "Lặp lại"), report.duplicates, duplicate)
    return (
        lines if len(lines) > 2 else [*lines, f"  {say('all as in the gazetteer', 'khớp hoàn toàn với danh mục')}"]
    )


def _shapes(report: ImportReport, say: _Speaker) -> list[str]:
    def repair(r: Repair) -> str:
        fault = _FAULTS[r.fault].in_language(say.lang)
        return f"{r.code} ({r.origin}) {fault}: {r.detail}; {say.km2(r.area_change_km2, signed=True)}"

    heading = say("Repaired geometries", "Hình học đã sửa")
    return ["", f"{heading}: {say.number(len(report.repairs))}", *say.rows(report.repairs, repair)]


def _ground(report: ImportReport, say: _Speaker) -> list[str]:
    def shared(names: Iterable[str]) -> str:
        return " + ".join(names) or "-"

    def ground(g: Ground) -> str:
        units = shared(f"{code} {name}" for code, name in zip(g.codes, g.names, strict=True))
        return f"{say.km2(g.area_km2)}  {g.lat:.5f}, {g.lon:.5f}  {units}"

    many = [piece for piece in report.pieces if len(piece.codes) > 2]
    slivers = report.slivers()
    return [
        "",
        f"{say('Overlaps', 'Chồng lấn')}: {say.number(len(report.overlaps))} {say('pairs', 'cặp')}, "
        f"{say.km2(report.overlap_km2)}; "
        f"{say('ground in several units', 'phần đất thuộc nhiều đơn vị')}: {say.km2(report.overlapped_km2)}",
        *say.rows(
            report.overlaps,
            lambda o: f"{say.km2(o.area_km2)}  {o.codes[0]} {o.names[0]} + {o.codes[1]} {o.names[1]}",
        ),
        *say.section(say("In more than two units at once", "Thuộc hơn hai đơn vị cùng lúc"), many, ground),
        "",
        f"{say('Gaps', 'Khe hở')}: {say.number(len(report.gaps))}, {say.km2(report.gap_km2)}",
        *say.rows(report.gaps, ground),
        "",
        f"{say('Slivers, thinner than', 'Mảnh vụn, mỏng hơn')} {report.sliver_width_m:g} m: "
        + "; ".join(
            f"{word} {say.number(slivers[kind]['count'])}, {say.km2(slivers[kind]['area_km2'])}"
            for kind, word in (
                ("overlaps", say("overlaps", "chồng lấn")),
                ("gaps", say("gaps", "khe hở")),
                ("parts", say("parts of units", "phần của đơn vị")),
            )
        ),
    ]
