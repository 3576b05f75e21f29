"""A workload on the wire."""
