"""Budgets as resources: versions, their overrides, thresholds, and how they compare."""

from service.routes.budgets import charts, comparisons, overrides, thresholds, versions

ROUTES = (*versions.ROUTES, *overrides.ROUTES, *thresholds.ROUTES, *comparisons.ROUTES, *charts.ROUTES)
