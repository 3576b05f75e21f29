"""Charts of one hardware comparison, the answer of `tokencast compare fleets ... --json`."""
