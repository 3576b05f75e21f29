"""How the number of a fleet's nodes follows its demand: one module a policy."""
