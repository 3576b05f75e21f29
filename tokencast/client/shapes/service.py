"""Shapes of the API, of service: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ExportProfileIn(TypedDict):
    """What a finance tool calls things. A map of null passes codes on; the entry "" is for lines without a code."""

    name: str
    entity: NotRequired[str]
    scenario: NotRequired[str]
    budget_version: NotRequired[str | None]
    accounts: NotRequired[dict[str, str] | None]
    cost_centers: NotRequired[dict[str, str] | None]
    contingency_account: NotRequired[str]
    contingency_cost_center: NotRequired[str]
    accumulated_depreciation_account: NotRequired[str]
    prepaid_account: NotRequired[str]
    budget_name: NotRequired[str]
    budget_type: NotRequired[str]
    accounting_book: NotRequired[str]
    cube: NotRequired[str]
    ledger_id: NotRequired[str]
    sign: NotRequired[Literal["negative", "positive"]]
    fiscal_year_start_month: NotRequired[int | None]
    date_format: NotRequired[
        Literal["DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM", "YYYY-MM-DD", "YYYYMMDD"] | None
    ]
    decimal_separator: NotRequired[Literal[",", "."]]
    delimiter: NotRequired[Literal["	", ",", ";"]]
    encoding: NotRequired[Literal["utf-16", "utf-8", "utf-8-bom"]]


class ExportProfileOut(TypedDict):
    """An export profile with its identity."""

    name: str
    entity: NotRequired[str]
    scenario: NotRequired[str]
    budget_version: NotRequired[str | None]
    accounts: NotRequired[dict[str, str] | None]
    cost_centers: NotRequired[dict[str, str] | None]
    contingency_account: NotRequired[str]
    contingency_cost_center: NotRequired[str]
    accumulated_depreciation_account: NotRequired[str]
    prepaid_account: NotRequired[str]
    budget_name: NotRequired[str]
    budget_type: NotRequired[str]
    accounting_book: NotRequired[str]
    cube: NotRequired[str]
    ledger_id: NotRequired[str]
    sign: NotRequired[Literal["negative", "positive"]]
    fiscal_year_start_month: NotRequired[int | None]
    date_format: NotRequired[
        Literal["DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM", "YYYY-MM-DD", "YYYYMMDD"] | None
    ]
    decimal_separator: NotRequired[Literal[",", "."]]
    delimiter: NotRequired[Literal["	", ",", ";"]]
    encoding: NotRequired[Literal["utf-16", "utf-8", "utf-8-bom"]]
    id: str
    version: int
    created_at: str
    updated_at: str


class ExportProfilePage(TypedDict):
    """A page of export profiles."""

    items: list[ExportProfileOut]
    next_cursor: str | None


class FieldProblem(TypedDict):
    """One bad field: where it is in the body (JSON pointer), or which query parameter it is."""

    pointer: str
    detail: str
    parameter: NotRequired[str]


class Figure(TypedDict):
    """A distribution of a figure that is not money."""

    mean: float
    p10: float
    p50: float
    p90: float


class Health(TypedDict):
    """That the process answers."""

    status: NotRequired[Literal["ok"]]


class KeyCreated(TypedDict):
    """`secret` is null in the replay of an Idempotency-Key: only its hash was kept."""

    key: KeyOut
    secret: str | None


class KeyIn(TypedDict):
    """A key to make."""

    name: str
    scopes: list[Literal["admin", "approve", "read", "write"]]
    expires_at: NotRequired[str | None]


class KeyOut(TypedDict):
    """A key without its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None


class KeyPage(TypedDict):
    """A page of keys."""

    items: list[KeyOut]
    next_cursor: str | None


class Money(TypedDict):
    """A distribution of money: decimal strings in the forecast's currency."""

    mean: str
    p10: str
    p50: str
    p90: str


class PertIn(TypedDict):
    """A range: low, most likely, high."""

    low: float
    mode: float
    high: float


class ProblemDocument(TypedDict):
    """RFC 9457, with one entry of `errors` for each bad field."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: NotRequired[list[FieldProblem]]


class ProblemKind(TypedDict):
    """What a problem's `type` stands for."""

    type: str
    title: str
    status: int


class Readiness(TypedDict):
    """That every part the service needs answers."""

    status: NotRequired[Literal["ready"]]
    parts: NotRequired[list[str]]


class SignInLinkOut(TypedDict):
    """`url` is null in the replay of an Idempotency-Key: only its hash was kept."""

    url: str | None
    expires_at: str
