"""The parts of a document that explain a budget, on the wire."""
