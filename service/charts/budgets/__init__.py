"""Charts of a budget held against what happened and what is forecast."""
