"""The price book as its readers ask for it: by two clocks, by contradiction, and with what waits for a decision."""
