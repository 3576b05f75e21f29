"""Webhooks on the wire: endpoints, deliveries and what was met at each attempt."""
