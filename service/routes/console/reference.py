"""The reference of the API as a page, open to everyone: the same words as the OpenAPI document has for programs."""

from typing import Any

from litestar import Response
from markupsafe import Markup

from service.protocol.openapi.page.reference import reference_content
from service.protocol.pages import page
from service.protocol.requests import Incoming
from service.web.rendering import render


@page("/reference", "referencePage", scope=None)
def get_reference(request: Incoming) -> Response[Any]:
    document = request.app.state.openapi
    # The words are our own, and whoever writes them as HTML has escaped them.
    content = Markup(reference_content(document))  # noqa: S704
    return render(request, "reference.html", content=content, version=document["info"]["version"])


PAGES = (get_reference,)
