"""Wire shapes around prices: windows of peak hours, contracts, proposals and imports."""
