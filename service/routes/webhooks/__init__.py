"""Webhooks as resources: endpoints, their secrets and tests, deliveries, dead letters."""

from service.routes.webhooks import dead_letters, deliveries, endpoints, signing

ROUTES = (*endpoints.ROUTES, *signing.ROUTES, *deliveries.ROUTES, *dead_letters.ROUTES)
