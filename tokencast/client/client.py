"""The client: one attribute for each resource of the API."""

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from tokencast.client.connection import Connection
from tokencast.client.problems import Unreachable
from tokencast.client.resources.budgets import Budgets, Overrides, Thresholds
from tokencast.client.resources.comparisons import Comparisons
from tokencast.client.resources.decoders import Decoders, Measurements
from tokencast.client.resources.fleets import Fleets
from tokencast.client.resources.forecasts import (
    Bridges,
    Charts,
    ExportProfiles,
    Exports,
    Forecasts,
    Negotiations,
    Replays,
)
from tokencast.client.resources.keys import Keys
from tokencast.client.resources.plans import Plans
from tokencast.client.resources.prices import Prices, Proposals
from tokencast.client.resources.schedules import Schedules
from tokencast.client.resources.service import Service
from tokencast.client.resources.sign_in_links import SignInLinks
from tokencast.client.resources.usage import Usage
from tokencast.client.resources.workloads import Workloads
from tokencast.client.retrying import Retries


class Client:
    """Requests with one key; raises Unreachable and Refused. Use it as a context manager, from one thread at a time.

    Answers are dictionaries in the shapes of the API: a field that a newer service adds is there, and breaks nothing.
    A connection that fails and a service that is overloaded are tried again as `retries` says, where that cannot make
    anything happen twice.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        retries: Retries | None = None,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        connection = Connection(url, key, retries=retries or Retries(), sleep=sleep, transport=transport)
        self._connection = connection
        self.url = connection.url

        self.workloads = Workloads(connection)
        self.fleets = Fleets(connection)
        self.plans = Plans(connection)
        self.usage = Usage(connection)
        self.prices = Prices(connection)
        self.proposals = Proposals(connection)
        self.decoders = Decoders(connection)
        self.measurements = Measurements(connection)

        self.forecasts = Forecasts(connection)
        self.replays = Replays(connection)
        self.bridges = Bridges(connection)
        self.charts = Charts(connection)
        self.negotiations = Negotiations(connection)
        self.exports = Exports(connection)
        self.export_profiles = ExportProfiles(connection)
        self.comparisons = Comparisons(connection)

        self.schedules = Schedules(connection)
        self.budgets = Budgets(connection)
        self.overrides = Overrides(connection)
        self.thresholds = Thresholds(connection)

        self.keys = Keys(connection)
        self.sign_in_links = SignInLinks(connection)
        self.service = Service(connection)

    @classmethod
    def from_environment(cls) -> Self:
        """A client of the service that TOKENCAST_URL names, with the key in TOKENCAST_API_KEY."""
        try:
            return cls(os.environ["TOKENCAST_URL"], os.environ["TOKENCAST_API_KEY"])
        except KeyError as missing:
            raise Unreachable(f"{missing.args[0]} is not set") from None

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
