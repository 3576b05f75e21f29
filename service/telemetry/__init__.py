"""Logs, metrics and readiness: what the people who run the service look at."""
