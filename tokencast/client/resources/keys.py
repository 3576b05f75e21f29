"""API keys of the workspace (needs the scope admin)."""

from collections.abc import Iterator, Sequence
from typing import Literal

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.service import KeyCreated, KeyIn, KeyOut


class Keys(Resource):
    def create(
        self,
        name: str,
        scopes: Sequence[Literal["admin", "approve", "read", "write"]],
        *,
        expires_at: str | None = None,
        idempotency_key: str | None = None,
    ) -> KeyCreated:
        """The new key and its secret, which no other request shows again.

        A key whose secret was lost on the way is revoked, and another one made, unless you gave an `idempotency_key`.
        """
        key: KeyIn = {"name": name, "scopes": list(scopes)}
        if expires_at is not None:
            key["expires_at"] = expires_at
        while True:
            made = self._connection.post(at("keys"), KeyCreated, key, idempotency_key=idempotency_key)
            # The service keeps only the secret's hash, so the repetition of a request comes without it.
            if made["secret"] is not None or idempotency_key is not None:
                return made
            self.revoke(made["key"]["id"])

    def each(self) -> Iterator[KeyOut]:
        """Every key of the workspace, revoked ones too."""
        return self._connection.pages(at("keys"), KeyOut)

    def revoke(self, key_id: str) -> KeyOut:
        return self._connection.post(at("keys", key_id, "revoke"), KeyOut)
