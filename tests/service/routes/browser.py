"""A browser as far as sessions go: it keeps the one cookie, and sends what a page would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

COOKIE = "tokencast_session"


@dataclass
class Browser:
    """Follows no redirect by itself, so that tests see where one leads."""

    client: TestClient[Litestar]
    token: str | None = None

    def __call__(
        self, method: str, path: str, *, headers: Mapping[str, str | bytes] | None = None, **sent: Any
    ) -> httpx.Response:
        cookie = {} if self.token is None else {"Cookie": f"{COOKIE}={self.token}"}
        answer = self.client.request(
            method, path, headers={**cookie, **(headers or {})}, follow_redirects=False, **sent
        )
        # The client is shared by the tests of a file, and its own jar must carry nothing from one to the next.
        self.client.cookies.clear()
        if (morsel := set_cookie(answer)) is not None:
            self.token = morsel.value or None
        return answer

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self("POST", path, **sent)

    def sign_in(self, secret: str) -> "Browser":
        answer = self.post("/sign-in", data={"key": secret})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return self

    def csrf(self) -> str:
        """The token that a page shows to its own script."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/").text)
        assert found is not None
        return found[1]


def set_cookie(answer: httpx.Response) -> Any:
    """The session cookie that the answer sets, with its attributes."""
    found = [SimpleCookie(line) for line in answer.headers.get_list("set-cookie")]
    return next((cookie[COOKIE] for cookie in found if COOKIE in cookie), None)
