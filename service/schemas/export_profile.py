"""Export profiles as a resource: a workspace's own codes and ways of writing, checked, stored and shown."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.exports.profile import DateFormat, DecimalSeparator, Delimiter, Encoding, ExportProfile, Sign
from service.schemas import meaning
from service.schemas.wire import Label, Wire
from service.store.export_profiles import ExportProfileRecord, NewExportProfile

# The name stands in addresses.
ProfileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
CodeMap = Annotated[dict[Label, Label], msgspec.Meta(max_length=10_000)]


class ExportProfileIn(Wire, kw_only=True, frozen=True):
    """What a finance tool calls things. A map of null passes codes on; the entry "" is for lines without a code."""

    name: ProfileName
    entity: Label = ""
    scenario: Label = "Forecast"
    budget_version: Label | None = None
    accounts: CodeMap | None = None
    cost_centers: CodeMap | None = None
    contingency_account: Label = ""
    contingency_cost_center: Label = ""
    accumulated_depreciation_account: Label = ""
    prepaid_account: Label = ""
    budget_name: Label = ""
    budget_type: Label = ""
    accounting_book: Label = ""
    cube: Label = ""
    ledger_id: Label = ""
    sign: Sign = "positive"
    fiscal_year_start_month: int | None = None
    date_format: DateFormat | None = None
    decimal_separator: DecimalSeparator = "."
    delimiter: Delimiter = ","
    encoding: Encoding = "utf-8"

    def to_profile(self, findings: Findings) -> ExportProfile:
        if self.fiscal_year_start_month is not None:
            meaning.bounded(findings, "/fiscal_year_start_month", self.fiscal_year_start_month, 1, 12)
        findings.require(
            holds=self.delimiter != self.decimal_separator,
            pointer="/delimiter",
            detail="must not be the decimal separator, which is a comma: give ; or a tab",
        )
        return ExportProfile(**{name: getattr(self, name) for name in self.__struct_fields__ if name != "name"})


class ExportProfileOut(ExportProfileIn, kw_only=True, frozen=True):
    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime


class ExportProfilePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ExportProfileOut]
    next_cursor: str | None


def new_export_profile(sent: ExportProfileIn) -> NewExportProfile:
    """The row of a profile that makes sense; raises InvalidInput with every problem of one that does not."""
    findings = Findings()
    sent.to_profile(findings)
    findings.end()
    document = msgspec.to_builtins(sent)
    return NewExportProfile(name=document.pop("name"), document=document)


def export_profile_out(record: ExportProfileRecord) -> dict[str, Any]:
    """JSON values in the shape of ExportProfileOut; fields that were added since it was stored have their defaults."""
    return {
        **msgspec.to_builtins(_declared(record)),
        "id": record.id,
        "version": record.version,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def stored_profile(record: ExportProfileRecord) -> ExportProfile:
    """The profile of a row, whose meaning was checked when it was stored."""
    return _declared(record).to_profile(Findings())


def _declared(record: ExportProfileRecord) -> ExportProfileIn:
    return msgspec.convert({**record.document, "name": record.name}, ExportProfileIn)
