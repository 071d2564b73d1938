"""Boundaries from outside into a pack: read, map columns, check, repair, report, write."""
