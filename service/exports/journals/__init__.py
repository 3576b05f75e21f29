"""Journals of the forecast for ledgers: balanced document by document, and marked as budget, never as actual."""
