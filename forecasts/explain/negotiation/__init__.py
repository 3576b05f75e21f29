"""What a customer can ask of a provider: its spend, what evidence supports a discount, and where else it could go."""
