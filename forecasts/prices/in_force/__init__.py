"""Which price rows apply when: succession, windows, exchange, and where sources contradict each other."""
