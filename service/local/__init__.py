"""The embedded Postgres and Redis, and the supervisor behind `make run`."""
