"""The cheapest mix of committed nodes, nodes on demand and API overflow for a fleet, at a stated risk."""
