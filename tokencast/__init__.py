"""What users of the service import: `tokencast.client` talks to it over HTTP and needs nothing of its code."""
