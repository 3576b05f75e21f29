"""docs/api.md says what the code keeps."""

import re
from pathlib import Path

from service.protocol.deprecation import LEAST_NOTICE

POLICY = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[2]


def test_the_notice_that_is_promised_is_the_one_that_is_demanded() -> None:
    assert f"{LEAST_NOTICE.days} days at least" in " ".join(POLICY.split())


def test_every_file_and_command_that_the_policy_names_is_there() -> None:
    named = set(re.findall(r"`((?:tests|docs|scripts)/[\w/]+\.\w+|\w+\.yaml)`", POLICY))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
    for module in re.findall(r"python -m ([\w.]+)", POLICY):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()
