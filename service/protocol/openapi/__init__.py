"""The OpenAPI 3.1 document of the service: what it says of itself, with words, examples and headers."""

from service.protocol.openapi.document import openapi_document

__all__ = ["openapi_document"]
