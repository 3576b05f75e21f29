"""Webhooks in the store: endpoints and their secrets, deliveries as people see them and as workers claim them."""
