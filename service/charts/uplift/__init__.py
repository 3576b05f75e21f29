"""Charts of one uplift explanation: the plain values of `forecasts.explain.uplift.UpliftExplanation`."""
