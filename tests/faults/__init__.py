"""Faults of machines, on purpose: what was acknowledged stays, nothing comes twice, nothing is half done."""
