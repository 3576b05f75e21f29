"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""

CATALOG_VERSION = "54d9bd6e39931e29"
