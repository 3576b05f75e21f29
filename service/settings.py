"""One frozen object with every setting, read from the environment once by whoever composes a process."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

DEFAULT_PORT = 8351


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process of Tokencast can be told from outside; `docs/architecture.md` lists the variables."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str | None = None
    body_limit_bytes: int = 8 * 1024 * 1024
    database_pool_size: int = 16
    worker_processes: int = 2
    lease_seconds: float = 30.0
    queued_too_long_seconds: float = 15.0
    tick_seconds: float = 5.0
    schedule_tick_seconds: float = 60.0
    max_attempts: int = 5


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises ValueError that names the variable when one is missing or malformed."""
    env = os.environ if environment is None else environment
    missing = [name for name in ("TOKENCAST_DATABASE_URL", "TOKENCAST_REDIS_URL") if not env.get(name)]
    if missing:
        raise ValueError(f"{' and '.join(missing)} must be set (tokencast up sets them for the embedded servers)")
    return Settings(
        database_url=with_driver(env["TOKENCAST_DATABASE_URL"]),
        redis_url=env["TOKENCAST_REDIS_URL"],
        host=env.get("TOKENCAST_HOST", "127.0.0.1"),
        port=int(_number(env, "TOKENCAST_PORT", DEFAULT_PORT)),
        public_url=_public_url(env.get("TOKENCAST_PUBLIC_URL", "")),
        body_limit_bytes=int(_number(env, "TOKENCAST_BODY_LIMIT_BYTES", 8 * 1024 * 1024)),
        database_pool_size=int(_number(env, "TOKENCAST_DATABASE_POOL_SIZE", 16)),
        worker_processes=int(_number(env, "TOKENCAST_WORKER_PROCESSES", 2)),
        lease_seconds=_number(env, "TOKENCAST_LEASE_SECONDS", 30.0),
        queued_too_long_seconds=_number(env, "TOKENCAST_QUEUED_TOO_LONG_SECONDS", 15.0),
        tick_seconds=_number(env, "TOKENCAST_TICK_SECONDS", 5.0),
        schedule_tick_seconds=_number(env, "TOKENCAST_SCHEDULE_TICK_SECONDS", 60.0),
        max_attempts=int(_number(env, "TOKENCAST_MAX_ATTEMPTS", 5)),
    )


def with_driver(url: str) -> str:
    """The same address with the one driver the store uses: people write postgresql:// and postgres://."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("TOKENCAST_DATABASE_URL must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


def _public_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "@" in parts.netloc
        or "".join(parts[2:]) not in {"", "/"}
    ):
        raise ValueError(f"TOKENCAST_PUBLIC_URL must be an address such as https://budgets.example.com, not {text!r}")
    return f"{parts.scheme}://{parts.netloc}"


def data_directory(environment: Mapping[str, str] | None = None) -> Path:
    """Where the embedded servers keep everything: TOKENCAST_DATA_DIR, or the user's own data folder."""
    env = os.environ if environment is None else environment
    return Path(env["TOKENCAST_DATA_DIR"]) if env.get("TOKENCAST_DATA_DIR") else user_data_path("tokencast")


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "")
    try:
        value = float(text) if text else float(default)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be a number of 0 or more, not {text!r}")
    return value
