"""Every job that can be sent has a task, and the API reaches the workers by nothing but its name."""

import subprocess
import sys
from collections.abc import Callable

from service.queue import JOB_NAMES
from service.settings import Settings
from workers.composition import make_app
from workers.computing import Computed

NOWHERE = Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1/0")


def _no_kernel(snapshot: bytes, *, report: Callable[[float], None]) -> Computed:
    raise AssertionError((snapshot, report))


def test_every_job_name_has_a_task_and_every_task_a_job_name() -> None:
    tasks = {name for name in make_app(NOWHERE, _no_kernel).tasks if not name.startswith("celery.")}
    assert tasks == set(JOB_NAMES)


def test_messages_are_json_and_nothing_else() -> None:
    settings = make_app(NOWHERE, _no_kernel).conf
    assert (settings.task_serializer, settings.accept_content) == ("json", ["json"])
    assert settings.task_ignore_result
    assert settings.result_backend is None


def test_the_queue_is_imported_without_any_worker() -> None:
    check = "import service.queue, sys; sys.exit(any(name.split('.')[0] == 'workers' for name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", check], check=False)
    assert run.returncode == 0
