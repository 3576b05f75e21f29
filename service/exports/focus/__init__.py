"""A forecast in the shape of FOCUS, the FinOps specification of cost data: its columns, and our own behind `x_`."""
