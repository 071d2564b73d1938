"""The endpoints, a file for each group. A view turns a read request into one call of a verb."""

from __future__ import annotations

from service.operations import Operation
from service.views import (
    addresses,
    batches,
    codes,
    field_work,
    finding,
    health,
    jobs,
    lives,
    locate,
    shares,
    streets,
    texts,
    units,
)

OPERATIONS: tuple[Operation, ...] = (
    *locate.OPERATIONS,
    *codes.OPERATIONS,
    *finding.OPERATIONS,
    *texts.OPERATIONS,
    *batches.OPERATIONS,
    *jobs.OPERATIONS,
    *addresses.OPERATIONS,
    *lives.OPERATIONS,
    *streets.OPERATIONS,
    *field_work.OPERATIONS,
    *shares.OPERATIONS,
    *units.OPERATIONS,
    *health.OPERATIONS,
)
"""Everything that the service answers, in the order of its documentation."""
