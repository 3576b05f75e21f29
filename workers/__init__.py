"""The Celery application: forecasts, housekeeping, schedules and deliveries in processes of their own."""
