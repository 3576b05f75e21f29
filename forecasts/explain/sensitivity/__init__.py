"""Which uncertain driver moves the total of a forecast, and by how much."""
