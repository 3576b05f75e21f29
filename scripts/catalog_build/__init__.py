"""The steps that turn the packaged source files into the catalogue; run by `scripts/build_catalog.py`."""
