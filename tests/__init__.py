"""The whole suite; `servers.py` and `conftest.py` give a test a real Postgres and a real Redis."""
