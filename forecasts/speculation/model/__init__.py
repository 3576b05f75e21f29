"""The physics of speculative decoding: acceptance, step time and drafting cost make a speedup at a load."""
