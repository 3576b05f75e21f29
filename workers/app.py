"""The production application: `celery -A workers.app worker` and `celery -A workers.app beat`."""

# The kernel is imported here, before Celery forks, so that no process pays for it at its first forecast.
from service.forecasting.result import compute
from service.settings import read_settings
from workers.composition import make_app

app = make_app(read_settings(), compute)
