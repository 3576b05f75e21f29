"""Our costing beside the `genai-prices` package's, case by case."""
