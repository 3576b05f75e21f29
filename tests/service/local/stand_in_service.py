"""Run as a program by the tests: `tokencast up` with small stand-ins for the API, the workers and the scheduler.

Arguments: the data directory, the port, and optionally `private` or the name of a stand-in that fails at once.
"""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.local.supervisor import ChildSpec, python_command
from service.local.up import Addresses, UpService, private_service, report_to_stderr, run_up, service_children

API = """
import http.server, os
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["TOKENCAST_DATABASE_URL"].encode())
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["TOKENCAST_PORT"])), Answer).serve_forever()
"""
# It leaves a grandchild behind that does not listen to SIGTERM, as a pool process in a long computation might.
WORKER = """
import signal, subprocess
subprocess.Popen(["/bin/sh", "-c", "trap '' TERM HUP INT; while :; do sleep 1; done"])
signal.pause()
"""
SCHEDULER = "import signal; signal.pause()"
FAILING = "import sys; sys.exit('the stand-in has no wish to run')"


def stand_ins(addresses: Addresses, environment: Mapping[str, str]) -> Sequence[ChildSpec]:
    programs = {"api": API, "worker": WORKER, "deliverer": SCHEDULER, "scheduler": SCHEDULER}
    real = {spec.name: spec for spec in service_children(addresses, environment)}
    failing = sys.argv[3:]
    return [
        ChildSpec(
            name=name,
            argv=python_command("-c", FAILING if name in failing else program),
            env=environment,
            ready=real[name].ready,
        )
        for name, program in programs.items()
    ]


def announce(service: UpService) -> None:
    print("READY", service.url, service.api_key, flush=True)  # noqa: T201 - the tests wait for this line


def first_key(data_dir: Path, database_url: str) -> str:
    return f"key-of-{data_dir.name}-{database_url.rpartition('/')[2]}"


def main() -> int:
    if sys.argv[3:] == ["private"]:
        with private_service(
            first_key=first_key, report=report_to_stderr, composition=stand_ins, migrate=lambda _: None
        ) as (url, key):
            print("READY", url, key, flush=True)  # noqa: T201 - the tests wait for this line
            threading.Event().wait(float(os.environ.get("STAND_IN_SECONDS", "0")))
        return 0
    return run_up(
        Path(sys.argv[1]),
        first_key=first_key,
        on_ready=announce,
        port=int(sys.argv[2]),
        composition=stand_ins,
        migrate=lambda _: None,
    )


if __name__ == "__main__":
    sys.exit(main())
