"""The sheet Bridge: from an earlier forecast to this one; without one it says so."""

from service.exports.workbook.pages import Book


def write(book: Book) -> None:
    sheet = book.sheet("Bridge", (60,))
    sheet.headings("Bridge")
    sheet.write("There is no earlier forecast to compare this one with.")
