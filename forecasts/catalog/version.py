"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""

CATALOG_VERSION = "a0023dd5d1b25459"
