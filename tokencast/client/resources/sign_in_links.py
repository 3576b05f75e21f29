"""Links that sign a browser in to the console."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.service import SignInLinkOut


class SignInLinks(Resource):
    def create(self) -> SignInLinkOut:
        """An address that signs a browser in once, as the key of this client, and when it expires.

        Where the address was lost on the way, another one is made.
        """
        while True:
            made = self._connection.post(at("sign-in-links"), SignInLinkOut)
            # The service keeps only the hash of it, so the repetition of a request comes without it.
            if made["url"] is not None:
                return made
