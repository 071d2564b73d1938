"""Finding: texts to places (geocode), points to addresses (reverse), beginnings to completions (suggest)."""
