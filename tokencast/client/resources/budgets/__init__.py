"""Budgets: versions that were put forward, their overrides, their thresholds."""

from tokencast.client.resources.budgets.overrides import Overrides
from tokencast.client.resources.budgets.thresholds import Thresholds
from tokencast.client.resources.budgets.versions import Budgets

__all__ = ["Budgets", "Overrides", "Thresholds"]
