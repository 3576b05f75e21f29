"""The packaged catalogue: models, prices, accelerators, decoders and hourly profiles, each row with its source.

The tables are built from `sources/` by `scripts/build_catalog.py`. Each loader lives in a module of its own and is
imported from there, so that importing this package reads nothing.
"""
