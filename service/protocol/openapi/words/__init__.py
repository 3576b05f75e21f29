"""What the components of the OpenAPI document say in words: descriptions by name, and names of their own."""
