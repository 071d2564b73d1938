"""The reliability curve as a small drawing."""

from __future__ import annotations

from collections.abc import Sequence

SIDE, EDGE = 300, 40


def drawing(bins: Sequence[tuple[int, float, float]]) -> str:
    """An SVG: confidence to the right, the share that is right upwards, a dot for each bin."""

    def at(mean: float, share: float) -> str:
        return f"{EDGE + SIDE * mean:.1f},{EDGE + SIDE * (1 - share):.1f}"

    size = SIDE + 2 * EDGE
    points = [at(mean, share) for _, mean, share in bins]
    dots = "".join('<circle cx="{}" cy="{}" r="4" fill="#0a5"/>'.format(*point.split(",")) for point in points)
    labels = "".join(
        f'<text x="{EDGE + SIDE * t:.0f}" y="{size - 18}" text-anchor="middle">{t:g}</text>'
        f'<text x="{EDGE - 6}" y="{EDGE + SIDE * (1 - t) + 4:.0f}" text-anchor="end">{t:g}</text>'
        for t in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" '
        f'font-size="12"><title>Confidence and truth</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
        f'<path d="M{at(0, 0)} L{at(1, 1)}" stroke="#999" stroke-dasharray="4"/>'
        f'<polyline points="{" ".join(points)}" fill="none" stroke="#0a5"/>{dots}{labels}'
        f'<text x="{size / 2:.0f}" y="{size - 4}" text-anchor="middle">confidence</text>'
        f'<text x="12" y="{size / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 12 {size / 2:.0f})">right</text>'
        "</svg>\n"
    )
