"""Fuzzing of whatever reads texts that people type: see README.md beside."""
