"""The tables, one module an aggregate: what must hold whoever writes is a constraint, who may is row-level security."""

from service.store.tables.audit_log import AuditLog
from service.store.tables.budgets import BudgetAlerts, BudgetComments, BudgetOverrides, Budgets, BudgetThresholds
from service.store.tables.export_profiles import ExportProfiles
from service.store.tables.fleets import Fleets
from service.store.tables.forecasts import BudgetLines, Forecasts
from service.store.tables.idempotency_keys import IdempotencyKeys
from service.store.tables.measurements import Measurements
from service.store.tables.outbox import Outbox
from service.store.tables.plans import Plans
from service.store.tables.price_proposals import PriceProposals
from service.store.tables.price_watches import PriceWatches
from service.store.tables.prices import Prices
from service.store.tables.replays import Replays
from service.store.tables.schedules import ScheduleRuns, Schedules
from service.store.tables.sign_ins import ConsoleSessions, SignInLinks
from service.store.tables.usage import ClosedMonths, Usage
from service.store.tables.workloads import Workloads
from service.store.tables.workspaces import ApiKeys, Workspaces

__all__ = [
    "ApiKeys",
    "AuditLog",
    "BudgetAlerts",
    "BudgetComments",
    "BudgetLines",
    "BudgetOverrides",
    "BudgetThresholds",
    "Budgets",
    "ClosedMonths",
    "ConsoleSessions",
    "ExportProfiles",
    "Fleets",
    "Forecasts",
    "IdempotencyKeys",
    "Measurements",
    "Outbox",
    "Plans",
    "PriceProposals",
    "PriceWatches",
    "Prices",
    "Replays",
    "ScheduleRuns",
    "Schedules",
    "SignInLinks",
    "Usage",
    "Workloads",
    "Workspaces",
]
