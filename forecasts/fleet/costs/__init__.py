"""What a fleet costs by month, one module for each kind of cost."""
