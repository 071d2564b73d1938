"""The registry: which address has which code, for life.

:class:`Registry` holds the rules; a :class:`~geoaddr.store.Store` keeps the rows.
"""

from __future__ import annotations

from geoaddr.registry.drafts import Draft, Issued
from geoaddr.registry.loading import LoadError, LoadReport, LoadRow
from geoaddr.registry.verbs import Registry
from geoaddr.store import Problem

__all__ = ["Draft", "Issued", "LoadError", "LoadReport", "LoadRow", "Problem", "Registry"]
