"""What tiles say to people."""

from __future__ import annotations

from geoaddr.errors import Said

ATTRIBUTION = Said("Boundaries: geoaddr", "Ranh giới: geoaddr")

DRAWING = Said(
    "The map's outlines are being drawn, once for this pack; come back in a moment",
    "Đường ranh của bản đồ đang được dựng, một lần cho gói dữ liệu này; hãy quay lại sau giây lát",
)
