"""The domain of Tokencast: declared workloads, fleets and prices in, a budget as a distribution out. Pure."""
