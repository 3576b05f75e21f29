"""A forecast on the wire: asked for, its state, its whole document, replayed, renewed."""
