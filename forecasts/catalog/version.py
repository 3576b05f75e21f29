"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""

CATALOG_VERSION = "c18ac8ed8258e422"
