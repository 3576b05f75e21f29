"""Oracle: rows of GL_INTERFACE with the flag of a budget; segments are entity, cost centre and account."""

from collections.abc import Iterator

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.journals.documents import Document, documents_of
from service.exports.source import Choices, ExportSource

COLUMNS = (
    "STATUS",
    "LEDGER_ID",
    "ACCOUNTING_DATE",
    "CURRENCY_CODE",
    "DATE_CREATED",
    "ACTUAL_FLAG",
    "USER_JE_CATEGORY_NAME",
    "USER_JE_SOURCE_NAME",
    "SEGMENT1",
    "SEGMENT2",
    "SEGMENT3",
    "ENTERED_DR",
    "ENTERED_CR",
    "PERIOD_NAME",
    "REFERENCE4",
)
_CATEGORIES = {"depreciation": "Depreciation", "amortization": "Prepaid"}


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    chunks = (_rows(document, source, choices) for document in documents_of(source, choices))
    return csv_pieces(COLUMNS, chunks, choices.profile)


def _rows(document: Document, source: ExportSource, choices: Choices) -> Iterator[tuple[str, ...]]:
    profile = choices.profile
    made = (source.forecast.finished_at or source.forecast.queued_at).date()
    for posting in document.postings:
        yield (
            "NEW",
            text_cell(profile.ledger_id),
            profile.date(document.posted, "YYYY-MM-DD"),
            source.currency,
            profile.date(made, "YYYY-MM-DD"),
            "B",
            _CATEGORIES[document.kind],
            "Tokencast",
            text_cell(profile.entity),
            text_cell(posting.cost_center),
            text_cell(posting.account),
            number_cell(posting.debit or None, profile.decimal_separator),
            number_cell(posting.credit or None, profile.decimal_separator),
            f"{document.posted:%b-%y}",
            document.name,
        )
