"""A client of the HTTP API."""

from tokencast.client.client import Client, FieldProblem, Refused, Unreachable

__all__ = ["Client", "FieldProblem", "Refused", "Unreachable"]
