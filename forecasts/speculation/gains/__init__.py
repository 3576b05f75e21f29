"""What a decoder gains over another one on a fleet: one module for each way of knowing it."""
