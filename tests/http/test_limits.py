"""The limiters: never more than the platform takes, whatever arrives when, and whatever the wire does in between."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.http.limits import RateLimiter, Turn, retry_after
from eventdesk_server.http.policy import IdleReset, Window
from eventdesk_tools.plans import Fit
from tests.http.support import Clock

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ARRIVALS = st.lists(
    st.tuples(
        st.floats(0, 8), st.floats(0, 3), st.floats(0, 1)
    ),  # pause before it, time on the wire, when it is counted
    min_size=1,
    max_size=40,
)


def counted(limiter: RateLimiter, clock: Clock, arrivals: list[tuple[float, float, float]]) -> list[float]:
    """When the platform counts each call, if every call leaves as soon as the limiter lets it."""
    moments: list[float] = []
    under_way: list[tuple[float, Turn]] = []

    def advance(until: float) -> None:
        for ends, turn in sorted((call for call in under_way if call[0] <= until), key=lambda call: call[0]):
            clock.at = max(clock.at, ends)
            limiter.leave(turn)
            under_way.remove((ends, turn))
        clock.at = max(clock.at, until)

    for pause, wire, share in arrivals:
        advance(clock.at + pause)
        while (delay := limiter.delay("GET")) > 0:
            advance(clock.at + delay)
        under_way.append((clock.at + wire, limiter.enter("GET")))
        moments.append(clock.at + wire * share)
    return sorted(moments)


@given(arrivals=ARRIVALS, calls=st.integers(1, 5), seconds=st.floats(0.5, 10))
@settings(max_examples=200, deadline=None)
def test_no_window_ever_holds_more_than_its_calls(
    arrivals: list[tuple[float, float, float]], calls: int, seconds: float
) -> None:
    clock = Clock()
    moments = counted(RateLimiter([Window(calls, seconds)], clock.monotonic), clock, arrivals)
    assert all(late - early > seconds for early, late in zip(moments, moments[calls:], strict=False))


@given(arrivals=ARRIVALS, calls=st.integers(1, 5), seconds=st.floats(0.5, 10))
@settings(max_examples=200, deadline=None)
def test_a_counter_that_needs_silence_is_never_passed(
    arrivals: list[tuple[float, float, float]], calls: int, seconds: float
) -> None:
    clock = Clock()
    moments = counted(RateLimiter([IdleReset(calls, seconds)], clock.monotonic), clock, arrivals)
    count, last = 0, float("-inf")
    for moment in moments:
        count = 1 if moment - last >= seconds else count + 1
        last = moment
        assert count <= calls


def test_a_call_every_forty_seconds_is_one_too_many_after_thirty() -> None:
    clock = Clock()
    limiter = RateLimiter([IdleReset(30, 60)], clock.monotonic)
    for _ in range(30):
        assert limiter.delay("GET") == 0
        limiter.leave(limiter.enter("GET"))
        clock.at += 40
    assert limiter.delay("GET") == pytest.approx(20.05)
    assert limiter.delay("POST") == 0


@pytest.mark.parametrize(
    ("limits", "told", "silence"),
    [
        ([], None, 0),
        ([], 7.0, 7),
        ([Window(10, 60)], None, 60.05),
        ([Window(10, 60)], 7.0, 7),
        ([IdleReset(10, 60)], None, 60.05),
        ([IdleReset(10, 60)], 7.0, 60.05),
        ([IdleReset(10, 60), Window(10, 5)], 90.0, 90),
        ([Window(10, 60, frozenset({"POST"}))], None, 0),
    ],
)
def test_a_429_teaches_silence(limits: list[Window | IdleReset], told: float | None, silence: float) -> None:
    clock = Clock()
    limiter = RateLimiter(limits, clock.monotonic)
    assert limiter.refused("GET", told) == pytest.approx(silence)
    assert limiter.delay("GET") == pytest.approx(silence)
    clock.at += silence
    assert limiter.delay("GET") == pytest.approx(0, abs=1e-6)


def test_a_429_silences_the_methods_that_share_the_limit() -> None:
    limiter = RateLimiter([IdleReset(10, 60, frozenset({"POST", "PUT"}))], Clock().monotonic)
    limiter.refused("POST", None)
    assert limiter.delay("PUT") == pytest.approx(60.05)
    assert limiter.delay("GET") == 0


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("12", None, 12),
        ("1.5", None, 1.5),
        ("Mon, 01 Mar 2027 12:00:30 GMT", None, 30),
        ("Mon, 01 Mar 2027 11:00:00 GMT", None, 0),
        ("Mon, 01 Mar 2027 12:00:30 GMT", "Mon, 01 Mar 2027 12:00:20 GMT", 10),
        ("Mon, 01 Mar 2027 12:00:30 GMT", "rubbish", 30),
        ("99999999", None, 86400),
        ("-5", None, None),
        ("soon", None, None),
        ("", None, None),
        (None, None, None),
        ("١٢", None, None),
        ("Mon, 99 Mar 2027 12:00:30 GMT", None, None),
        ("Mon, 01 Mar 2027 12:00:30 -0000", None, 30),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, date: str | None, seconds: float | None) -> None:
    assert retry_after(value, date, lambda: NOW) == seconds


def test_limits_do_not_hinder_what_fits() -> None:
    clock = Clock()
    limiter = RateLimiter([Window(100, 60)], clock.monotonic)
    for _ in range(100):
        assert limiter.delay("GET") == 0
        limiter.leave(limiter.enter("GET"))
        clock.at += timedelta(milliseconds=1).total_seconds()
    assert limiter.delay("GET") > 59


def test_what_fits_of_many_calls_is_told_with_the_pause_after_which_all_do() -> None:
    clock = Clock()
    limiter = RateLimiter([Window(10, 60)], clock.monotonic)
    assert limiter.fit("GET", 10) == Fit(10)
    for _ in range(8):
        limiter.leave(limiter.enter("GET"))
        clock.at += 1
    assert limiter.fit("GET", 2) == Fit(2)
    some = limiter.fit("GET", 5)
    assert (some.now, some.wait) == (2, pytest.approx(60.05 - 6))
    # More than ever leave at once: the pause after which as many do as ever may.
    all_of_them = limiter.fit("GET", 40)
    assert (all_of_them.now, all_of_them.wait) == (2, pytest.approx(60.05 - 1))
    clock.at += some.wait
    assert limiter.fit("GET", 5) == Fit(5)
    assert limiter.fit("GET", 6).now == 5


def test_of_a_counter_that_needs_silence_all_fit_after_it() -> None:
    clock = Clock()
    limiter = RateLimiter([IdleReset(30, 60, frozenset({"POST"}))], clock.monotonic)
    for _ in range(20):
        limiter.leave(limiter.enter("POST"))
    assert limiter.fit("POST", 10) == Fit(10)
    more = limiter.fit("POST", 11)
    assert (more.now, more.wait) == (10, pytest.approx(60.05))
    assert limiter.fit("GET", 500) == Fit(500)
    clock.at += 60.06
    assert limiter.fit("POST", 70) == Fit(30)


def test_nothing_fits_while_a_429_is_waited_out() -> None:
    clock = Clock()
    limiter = RateLimiter([], clock.monotonic)
    limiter.refused("POST", 7.0)
    silent = limiter.fit("POST", 3)
    assert (silent.now, silent.wait) == (0, pytest.approx(7))
    clock.at += 7.1
    assert limiter.fit("POST", 3) == Fit(3)
