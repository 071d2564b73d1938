"""The release of this package; the version of the data is the pack's."""

__version__ = "0.1.0"
