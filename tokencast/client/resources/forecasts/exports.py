"""Files for finance tools, and the profiles that say how a workspace wants them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.service import ExportProfileIn, ExportProfileOut
from tokencast.client.versions import Held, if_match
from tokencast.whole_files import write_whole


class Exports(Resource):
    def write(
        self,
        forecast_id: str,
        path: Path | str,
        format_: str,
        *,
        basis: Literal["billed", "effective", "both"] | None = None,
        contingency: bool | None = None,
        profile: str | None = None,
    ) -> int:
        """Writes a finished forecast to a file, whole or not at all, as it arrives; returns the file's bytes.

        docs/exports.md has the formats. OSError: the file cannot be written, and what was there before still is.
        """
        query = {"format": format_, "basis": basis, "contingency": contingency, "profile": profile}
        with write_whole(Path(path)) as file:
            return sum(
                file.write(piece)
                for piece in self._connection.pieces(at("forecasts", forecast_id, "export"), query=query)
            )


class NamedProfile(Held):
    """A profile as it was read; it goes by its name."""

    name: str


class ExportProfiles(Resource):
    def create(self, profile: ExportProfileIn, *, idempotency_key: str | None = None) -> ExportProfileOut:
        return self._connection.post(at("export-profiles"), ExportProfileOut, profile, idempotency_key=idempotency_key)

    def each(self) -> Iterator[ExportProfileOut]:
        return self._connection.pages(at("export-profiles"), ExportProfileOut)

    def get(self, name: str) -> ExportProfileOut:
        return self._connection.get(at("export-profiles", name), ExportProfileOut)

    def replace(self, held: NamedProfile, profile: ExportProfileIn) -> ExportProfileOut:
        """Raises Stale where the profile is no longer as it was read."""
        path, headers = at("export-profiles", held["name"]), if_match(held["version"])
        return self._connection.put(path, ExportProfileOut, profile, headers=headers)

    def delete(self, held: NamedProfile) -> None:
        self._connection.delete(at("export-profiles", held["name"]), headers=if_match(held["version"]))
