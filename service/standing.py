"""Which clients have kept places for long lately, whose bodies came slowly or not at all.

They are served like others, but leave the last place to who has not: what two of them did once they cannot go on
doing, and who sends on a slow line by chance hardly notices.
"""

from __future__ import annotations

SLOW_S = 2.0
"""So long a client has kept places, beyond what its bodies needed, and it is one of those."""

FORGIVEN_S = 0.05
"""Of that in each second since."""

MOST_S = 30.0
"""More is not remembered: after ten minutes all is forgiven."""

MOST_CLIENTS = 4096


class Standing:
    """The seconds of each client. One thread at a time."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[float, float]] = {}

    def charge(self, client: bytes, seconds: float, now: float) -> None:
        """Note that a body kept a place for so long, beyond what it needed."""
        if seconds > 0:
            self._kept[client] = min(MOST_S, self.of(client, now) + seconds), now
            if len(self._kept) > MOST_CLIENTS:
                self._forget(now)

    def of(self, client: bytes, now: float) -> float:
        """What is not forgiven yet, seconds."""
        seconds, at = self._kept.get(client, (0.0, now))
        return max(0.0, seconds - FORGIVEN_S * (now - at))

    def _forget(self, now: float) -> None:
        """Forget half of the clients, those with the least."""
        ranked = sorted(self._kept, key=lambda client: self.of(client, now))
        for client in ranked[: len(ranked) // 2]:
            del self._kept[client]
