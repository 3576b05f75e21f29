"""The version of the packaged catalogue: a digest of its tables, written by `scripts/build_catalog.py`."""

CATALOG_VERSION = "16a0ec34f94dbadc"
