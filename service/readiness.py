"""Whether the parts behind the service answer: Postgres migrated and up, Redis up."""

from collections.abc import Callable

import redis
from sqlalchemy.exc import SQLAlchemyError

from service.store.database import Database

SECONDS_TO_ANSWER = 2.0


def failing_parts(database: Database, redis_url: str) -> tuple[str, ...]:
    """The names of the parts that do not answer; empty when the service can do all its work."""
    return tuple(
        name for name, answers in (("postgres", _postgres(database)), ("redis", _redis(redis_url))) if not answers()
    )


def _postgres(database: Database) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            database.check()
        except SQLAlchemyError:
            return False
        return True

    return answers


def _redis(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            with redis.Redis.from_url(
                url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    return answers
