"""The page of a forecast with 5,000 lines, against the JSON of the same forecast, and what a view of it transfers.

Claims: the page takes no longer than the JSON; with everything that it loads it transfers less than 600 kB on the first
view and less than 60 kB on the next.
"""

import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
import msgspec
import yaml

from benchmarks.whole_service import whole_service
from service.local.ports import LOOPBACK

LINES = 5_000
# Each has 57 lines: three meters of one model until May, of two from June on.
MORE_WORKLOADS = 79
REPEATS = 40
MOST_RATIO = 1.0
MOST_FIRST, MOST_NEXT = 600_000, 60_000
_SECONDS = 120
_JSON = {"Content-Type": "application/json"}
_EXAMPLE = Path(__file__).parents[1] / "examples" / "acme.yaml"

_LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"')
_CHART = re.compile(r'data-chart="([^"]+)" data-query="([^"]*)"')
_FETCHED = re.compile(r'data-sentences="([^"]+)"')
_MODULE = re.compile(r'"\./([\w.]+\.js)"')


def plan() -> dict[str, Any]:
    """The example estate with as many more workloads on an API as the lines take."""
    found: dict[str, Any] = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    copied = next(one for one in found["workloads"] if one["name"] == "policy-answers")
    for number in range(MORE_WORKLOADS):
        found["workloads"].append({**copied, "name": f"answers-{number:03d}", "cost_center": f"{5000 + number % 40}"})
    return found


def seconds_of(client: httpx.Client, address: str) -> float:
    begun = time.perf_counter()
    client.get(address).raise_for_status()
    return time.perf_counter() - begun


@dataclass
class Browser:
    """Counts what travels, and keeps what it may as a browser does."""

    client: httpx.Client
    kept: set[str] = field(default_factory=set)

    def view(self, address: str) -> dict[str, int]:
        """Bytes by kind of file, heads included: the page, and everything that it and its scripts load."""
        transferred: dict[str, int] = {}
        waiting, seen = [address], set[str]()
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in self.kept:
                continue
            kind, size, text = self._load(one)
            transferred[kind] = transferred.get(kind, 0) + size
            waiting += self._loaded_by(one, kind, text)
        return transferred

    def _load(self, address: str) -> tuple[str, int, str]:
        with self.client.stream("GET", address) as answer:
            answer.raise_for_status()
            body = answer.read()
            size = answer.num_bytes_downloaded + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
        if "immutable" in answer.headers.get("cache-control", ""):
            self.kept.add(address)
        return answer.headers["content-type"].partition(";")[0], size, body.decode()

    @staticmethod
    def _loaded_by(address: str, kind: str, text: str) -> list[str]:
        if kind == "text/javascript":
            return [urljoin(address, name) for name in _MODULE.findall(text)]
        if kind != "text/html":
            return []
        charts = [f"{chart}?theme=light{unescape(query)}" for chart, query in _CHART.findall(text)]
        return [*map(unescape, _LOADED.findall(text)), *charts, *map(unescape, _FETCHED.findall(text))]


def main() -> int:
    with whole_service() as service:
        base = f"http://{LOOPBACK}:{service.addresses.port}"
        head = {"Authorization": f"Bearer {service.api_key}"}
        with httpx.Client(base_url=base, headers=head, timeout=_SECONDS, trust_env=False) as client:
            body = msgspec.json.encode({"plan": plan()})
            asked = client.post("/v1/forecasts", content=body, headers={"Prefer": "wait=60", **_JSON})
            asked.raise_for_status()
            document = asked.json()
            page, whole = f"/forecasts/{document['id']}", f"/v1/forecasts/{document['id']}"
            print(f"{len(document['lines']):,} lines")
            first = Browser(client)
            for name, most in (("first view", MOST_FIRST), ("next view", MOST_NEXT)):
                transferred = first.view(page)
                parts = ", ".join(f"{kind} {size / 1000:.1f} kB" for kind, size in sorted(transferred.items()))
                print(f"{name}: {sum(transferred.values()) / 1000:.1f} kB of {most / 1000:.0f} kB; {parts}")
                if sum(transferred.values()) >= most:
                    return 1
            times = [(seconds_of(client, page), seconds_of(client, whole)) for _ in range(REPEATS)]
    shown, sent = (statistics.median(one) for one in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    print(f"page {shown * 1e3:.1f} ms, JSON {sent * 1e3:.1f} ms; ratio {ratio:.2f}, at most {MOST_RATIO}")
    return int(ratio > MOST_RATIO or len(document["lines"]) < LINES)


if __name__ == "__main__":
    sys.exit(main())
