"""A style of QGIS (QML) for layers of answers: points coloured by status, columns under names for people.

The colours and words are those of the report's page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from geoaddr.bulk.report_words import STATUSES
from geoaddr.errors import Said

COLOURS = {
    "ok": "0,158,115",
    "partial": "86,180,233",
    "ambiguous": "230,159,0",
    "not_found": "154,163,171",
    "error": "213,94,0",
}
SIZE_MM = 2.2

COLUMNS: dict[str, Said] = {
    "status": Said("Status", "Trạng thái"),
    "province_code": Said("Province code", "Mã tỉnh"),
    "province": Said("Province", "Tỉnh, thành phố"),
    "district_code": Said("District code", "Mã quận, huyện"),
    "district": Said("District", "Quận, huyện"),
    "commune_code": Said("Commune code", "Mã xã, phường"),
    "commune": Said("Commune", "Xã, phường"),
    "confidence": Said("Confidence", "Độ tin cậy"),
    "postcode": Said("Postcode", "Mã bưu chính"),
    "candidates": Said("May be", "Có thể là"),
    "boundary_accuracy": Said("Boundary accuracy", "Độ chính xác ranh giới"),
    "inferred": Said("Filled in", "Suy ra"),
    "new_address": Said("New address", "Địa chỉ mới"),
    "house_number": Said("House number", "Số nhà"),
    "alley": Said("Alley", "Ngõ, hẻm"),
    "street": Said("Street", "Đường, phố"),
    "verdict": Said("Verdict", "Kết luận"),
    "next_action": Said("Next action", "Việc cần làm"),
    "reasons": Said("Reasons", "Lý do"),
    "ndas": Said("NDAS code", "Mã NDAS"),
    "error": Said("Error", "Lỗi"),
}
"""Names of answers for people; the others, such as ``vpostcode``, are names already."""


def qml(answers: Mapping[str, str], fields: Sequence[str], lang: str) -> str:
    """The style, in QGIS 3's terms.

    :param answers: the layer's fields that hold answers, by the answers' names; ``status`` colours the points.
    :param fields: all fields of the layer, in order.
    """
    said = {STATUSES[status].in_language(lang): status for status in STATUSES}
    categories = "".join(
        f'<category render="true" type="string" value={quoteattr(status)} label={quoteattr(label)} symbol="{n}"/>'
        for n, (label, status) in enumerate(said.items())
    )
    symbols = "".join(_symbol(n, COLOURS[status]) for n, status in enumerate(said.values()))
    names = {answers[answer]: COLUMNS[answer].in_language(lang) for answer in COLUMNS if answer in answers}
    aliases = "".join(
        f'<alias index="{n}" field={quoteattr(field)} name={quoteattr(names.get(field, ""))}/>'
        for n, field in enumerate(fields)
    )
    tip = "".join(
        f"&lt;div&gt;[% {_expression(answers[name])} %]&lt;/div&gt;"
        for name in ("new_address", "commune", "province", "error")
        if name in answers
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Fields|MapTips">'
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(answers["status"])} symbollevels="0" '
        f'forceraster="0" enableorderby="0"><categories>{categories}</categories><symbols>{symbols}</symbols>'
        f"</renderer-v2><aliases>{aliases}</aliases><mapTip>{tip}</mapTip>"
        "<layerGeometryType>0</layerGeometryType></qgis>\n"
    )


def _symbol(number: int, colour: str) -> str:
    properties = {
        "name": "circle",
        "color": f"{colour},255",
        "outline_color": "255,255,255,255",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": f"{SIZE_MM}",
        "size_unit": "MM",
    }
    options = "".join(f'<Option type="QString" name="{k}" value="{v}"/>' for k, v in properties.items())
    old = "".join(f'<prop k="{k}" v="{v}"/>' for k, v in properties.items())  # read before QGIS 3.22
    return (
        f'<symbol type="marker" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="SimpleMarker" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option>{old}'
        "</layer></symbol>"
    )


def _expression(field: str) -> str:
    """A field in QGIS's expressions, empty where it is null, fit for XML."""
    quoted = field.replace('"', '""').replace("&", "&amp;").replace("<", "&lt;")
    return f"coalesce(\"{quoted}\", '')"
