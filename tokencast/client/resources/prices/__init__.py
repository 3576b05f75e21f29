"""The price book, and what catalogues propose for it."""

from tokencast.client.resources.prices.book import Prices
from tokencast.client.resources.prices.proposals import Proposals

__all__ = ["Prices", "Proposals"]
