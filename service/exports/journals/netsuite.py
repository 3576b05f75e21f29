"""NetSuite: journal entries as CSV, the lines of one entry under one External ID."""

from collections.abc import Iterator

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.journals.documents import Document, documents_of
from service.exports.source import Choices, ExportSource

COLUMNS = (
    "External ID",
    "Date",
    "Posting Period",
    "Subsidiary",
    "Currency",
    *(f"Journal Entry - Line: {name}" for name in ("Account", "Debit", "Credit", "Memo", "Department", "Class")),
)


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    chunks = (_rows(document, source, choices) for document in documents_of(source, choices))
    return csv_pieces(COLUMNS, chunks, choices.profile)


def _rows(document: Document, source: ExportSource, choices: Choices) -> Iterator[tuple[str, ...]]:
    profile = choices.profile
    memo = text_cell(f"BUDGET, not actual: {document.kind}, {profile.scenario}")
    for posting in document.postings:
        yield (
            document.name,
            profile.date(document.posted, "YYYY-MM-DD"),
            f"{document.posted:%b %Y}",
            text_cell(profile.entity),
            source.currency,
            text_cell(posting.account),
            number_cell(posting.debit or None, profile.decimal_separator),
            number_cell(posting.credit or None, profile.decimal_separator),
            memo,
            text_cell(posting.cost_center),
            "",
        )
