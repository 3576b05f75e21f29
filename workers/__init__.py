"""The Celery application: forecasts, housekeeping and schedules in processes of their own."""
