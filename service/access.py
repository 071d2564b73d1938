"""Who may do what. Closed by default: a caller without a key learns areas, never a household.

NDAS codes can be enumerated, 100,000 in an area, so what a code tells a stranger is decided here, once for
every view: a view names the scope that it needs, or asks what the caller holds.
"""

from __future__ import annotations

from typing import Literal

from geoaddr.errors import GeoaddrError, Said

Scope = Literal["area", "address", "write"]
"""``area``: communes, postcodes and computed codes. ``address``: whole records with their points and
history. ``write``: issuing codes and ending them."""

Grants = frozenset[Scope]

EVERYBODY: Grants = frozenset({"area"})
"""What a caller without a key holds."""

EVERYTHING: Grants = frozenset({"area", "address", "write"})
"""What every caller of an open service holds."""


class KeyRequired(GeoaddrError):
    """The caller does not hold the scope; ``scope`` says which."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            Said(
                f"this needs a key with the scope '{scope}'; without one the service answers at area level "
                "(a demonstration on your own machine: geoaddr serve --open)",
                f"cần khóa truy cập có quyền '{scope}'; không có khóa, dịch vụ chỉ trả lời ở mức địa bàn "
                "(chạy thử trên máy của mình: geoaddr serve --open)",
            )
        )
        self.scope = scope


def require(scope: Scope, held: Grants) -> None:
    """Let pass a caller who holds ``scope``. :raises KeyRequired: for any other."""
    if scope not in held:
        raise KeyRequired(scope)
