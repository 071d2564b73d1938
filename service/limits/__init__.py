"""How much a caller may ask: counters that all workers share, and the rules by which they count."""
