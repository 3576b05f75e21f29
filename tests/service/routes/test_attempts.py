"""How often an address may fail before it waits."""

from service.protocol.admission.attempts import MOST_FAILURES, WINDOW_SECONDS, Attempts


class Watch:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(attempts: Attempts, address: str, times: int) -> list[int | None]:
    return [attempts.begin(address) for _ in range(times)]


def test_after_the_allowed_failures_an_address_waits_for_the_first_to_pass() -> None:
    watch = Watch()
    attempts = Attempts(watch)
    assert fail(attempts, "192.0.2.1", MOST_FAILURES) == [None] * MOST_FAILURES
    watch.now += 100
    assert attempts.begin("192.0.2.1") == WINDOW_SECONDS - 100
    assert attempts.begin("192.0.2.2") is None
    watch.now += WINDOW_SECONDS - 100
    assert attempts.begin("192.0.2.1") is None


def test_waiting_is_not_made_longer_by_trying() -> None:
    watch = Watch()
    attempts = Attempts(watch)
    fail(attempts, "192.0.2.1", MOST_FAILURES + 50)
    watch.now += WINDOW_SECONDS
    assert attempts.begin("192.0.2.1") is None


def test_who_succeeds_uses_no_attempt_up() -> None:
    attempts = Attempts(Watch())
    for _ in range(3 * MOST_FAILURES):
        assert attempts.begin("192.0.2.1") is None
        attempts.succeeded("192.0.2.1")


def test_all_addresses_of_one_ipv6_network_count_as_one() -> None:
    attempts = Attempts(Watch())
    assert [attempts.begin(f"2001:db8::{number:x}") for number in range(MOST_FAILURES)] == [None] * MOST_FAILURES
    assert attempts.begin("2001:db8::ffff") is not None
    assert attempts.begin("2001:db8:0:1::1") is None
    fail(attempts, "::ffff:192.0.2.7", MOST_FAILURES)
    assert attempts.begin("::ffff:192.0.2.8") is None
    assert attempts.begin("no address") is None


def test_a_flood_of_addresses_keeps_the_memory_small() -> None:
    attempts = Attempts(Watch())
    for number in range(12_000):
        attempts.begin(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(attempts._failures) == 10_000
