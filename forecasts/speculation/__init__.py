"""From a draft acceptance to a throughput uplift, and the presets that name the decoders."""
