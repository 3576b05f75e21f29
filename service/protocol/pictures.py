"""What every answer that holds a picture says about it."""

# An SVG is a document: opened by itself it may neither load nor run anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

PICTURE_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
