"""The packaged catalogue: models, prices, accelerators, decoders and hourly profiles, each row with its source."""
