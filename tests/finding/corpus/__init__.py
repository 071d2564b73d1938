"""A corpus of searches with what is expected of them, in the format of geocoder-tester, and its runner."""
