"""Decoder presets and measured points on the wire."""
