"""Why a budget is what it is: savings, break-even, sensitivity, bridge."""
