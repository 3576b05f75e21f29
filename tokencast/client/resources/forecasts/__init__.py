"""Forecasts, and what is made of one that is finished."""

from tokencast.client.resources.forecasts.bridges import Bridges
from tokencast.client.resources.forecasts.charts import Charts
from tokencast.client.resources.forecasts.exports import ExportProfiles, Exports
from tokencast.client.resources.forecasts.forecasts import Forecasts
from tokencast.client.resources.forecasts.negotiations import Negotiations
from tokencast.client.resources.forecasts.replays import Replays

__all__ = ["Bridges", "Charts", "ExportProfiles", "Exports", "Forecasts", "Negotiations", "Replays"]
