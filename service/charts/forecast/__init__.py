"""Charts of one forecast document, the answer of `GET /v1/forecasts/{id}`."""
