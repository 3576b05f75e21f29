"""What a fleet costs, on the wire: one module for each kind of cost."""
