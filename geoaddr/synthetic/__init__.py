"""A made-up nation for benchmarks and demonstrations: households, streets and codes that nobody lives behind.

Communes, names, postcodes and boundaries are those of the pack. Everything below the commune is drawn from a
seed: how many households there are, where settlements lie, what streets are called, which numbers and codes
the houses have. The same seed, pack and release give the same rows. Likeness to a real home is chance.
"""
