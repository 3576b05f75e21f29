"""From cost paths to a budget: lines that add up, running sums, quantiles of joint paths."""
