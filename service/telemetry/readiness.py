"""Whether the parts behind the service answer: Postgres migrated and up, Redis up."""

from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from service.queue import Queue
from service.store.database import Database


def failing_parts(database: Database, queue: Queue) -> tuple[str, ...]:
    """The names of the parts that do not answer; empty when the service can do all its work."""
    answers = {"postgres": _postgres_answers(database), "redis": _redis_answers(queue)}
    return tuple(name for name, well in answers.items() if not well)


def _postgres_answers(database: Database) -> bool:
    try:
        database.check()
    except SQLAlchemyError:
        return False
    return True


def _redis_answers(queue: Queue) -> bool:
    try:
        queue.check()
    except (KombuError, OperationalError, RedisError, OSError):
        return False
    return True
