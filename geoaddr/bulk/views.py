"""Units of a place as the texts of one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geoaddr.locating import UnitView
from geoaddr.model import Level, LevelBasis


def weights(shares: Mapping[str, float]) -> str:
    """Candidates with their weights as the text ``27106:0.62; 27118:0.38``."""
    return weighed(shares.items())


def weighed(shares: Iterable[tuple[str, float]]) -> str:
    """The same for units that may share a code, as a unit of today may with one of before.

    The weights are hundredths that sum to 1: what rounding leaves goes to those that it wronged most. Who is left
    with none is left out.
    """
    pairs = [*shares]
    if len(pairs) == 1:
        return f"{pairs[0][0]}:1.00"
    codes, given = [code for code, _ in pairs], [share for _, share in pairs]
    total = sum(given)
    exact = [100 * share / total for share in given]
    whole = [int(share) for share in exact]
    wronged = sorted(range(len(whole)), key=lambda at: whole[at] - exact[at])
    for at in wronged[: 100 - sum(whole)]:
        whole[at] += 1
    return "; ".join(f"{code}:{share / 100:.2f}" for code, share in zip(codes, whole, strict=True) if share)


def evenly(codes: Iterable[str]) -> str:
    """Candidates that nothing tells apart."""
    return weights(dict.fromkeys(codes, 1.0))


def row_of(view: UnitView, bases: Mapping[Level, LevelBasis], sure: str) -> tuple[str | None, ...]:
    """The values of :data:`geoaddr.bulk.places.TEXT_NAMES` but the last, for a view whose one commune has the
    status ``sure``."""
    heaviest = view.commune or (view.candidates[0] if view.candidates else None)
    return (
        view.province.code if view.province else None,
        view.province.name if view.province else None,
        view.district.code if view.district else None,
        view.district.name if view.district else None,
        heaviest.code if heaviest else None,
        heaviest.name if heaviest else None,
        view.postcode,
        evenly(u.code for u in view.candidates) if view.candidates else None,
        # before the reform some island districts had no communes: their district is all there is to know
        "ambiguous"
        if view.candidates
        else sure
        if heaviest
        else "partial"
        if known_in_part(view)
        else "not_found",
        "; ".join(f"{level}: {how.basis}" for level, how in bases.items()) or None,
    )


def known_in_part(view: UnitView) -> bool:
    """Whether a view names a unit above the commune."""
    return view.province is not None or view.district is not None
