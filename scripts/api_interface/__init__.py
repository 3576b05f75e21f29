"""What the HTTP interface promises, and what would break it."""
