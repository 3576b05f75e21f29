"""Owned nodes as a finance team keeps them: depreciation schedules, books by purchase, and the asset register."""
