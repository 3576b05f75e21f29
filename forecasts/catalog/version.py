"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""

CATALOG_VERSION = "f90b20f375a77c71"
