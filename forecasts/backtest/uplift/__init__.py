"""The backtest of the uplift model: every source predicted by what the other sources taught."""
