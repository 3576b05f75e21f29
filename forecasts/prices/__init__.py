"""The price book and the outlooks that project it."""
