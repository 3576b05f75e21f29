"""Charts of prices: a model's history with its projection, and the scores of a backtest."""
