"""The article's numbers: one rented node of eight H100s at full load, with and without a headline speedup of 1.67."""

from decimal import Decimal
from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.forecasts.estates import a_price, answer, headline

