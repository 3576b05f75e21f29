"""Speculative decoders: the packaged presets, and points that the workspace measured itself."""

from collections.abc import Iterator
from typing import Unpack

from tokencast.client.looks import Look, query_of
from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.decoders import DecoderPresetOut, DecoderPresets, MeasurementIn, MeasurementOut


class Decoders(Resource):
    def presets(self) -> DecoderPresets:
        return self._connection.get(at("decoders"), DecoderPresets)

    def get(self, preset: str) -> DecoderPresetOut:
        return self._connection.get(at("decoders", preset), DecoderPresetOut)

    def chart(self, preset: str, file: str = "speedup_by_concurrency.svg", **look: Unpack[Look]) -> bytes:
        """What was measured of it, as the file that is named."""
        return self._connection.read(at("decoders", preset, "charts", file), query=query_of(look))


class Measurements(Resource):
    def add(self, measurement: MeasurementIn, *, idempotency_key: str | None = None) -> MeasurementOut:
        """The stored point; where the same one is stored already, that one."""
        path = at("decoders", "measurements")
        return self._connection.post(path, MeasurementOut, measurement, idempotency_key=idempotency_key)

    def each(self, *, fleet: str | None = None, method: str | None = None) -> Iterator[MeasurementOut]:
        query = {"fleet": fleet, "method": method}
        return self._connection.pages(at("decoders", "measurements"), MeasurementOut, query)

    def get(self, measurement_id: str) -> MeasurementOut:
        return self._connection.get(at("decoders", "measurements", measurement_id), MeasurementOut)

    def delete(self, measurement_id: str) -> None:
        self._connection.delete(at("decoders", "measurements", measurement_id))
