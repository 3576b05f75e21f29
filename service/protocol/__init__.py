"""How an operation is declared, read, answered, remembered and logged, whatever its resource."""
