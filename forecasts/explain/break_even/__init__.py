"""Break-even of self-hosting against an API, by month, volume and utilisation."""
