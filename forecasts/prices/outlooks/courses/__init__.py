"""The courses that prices may take, one module a kind."""
