"""The backtest of price outlooks: rolling origins, the next twelve months, every outlook that can stand alone."""
