from concurrent.futures import ThreadPoolExecutor

import pytest

from gruscope.session.budget import Budget
from gruscope.wire.errors import Refused


def test_a_budget_is_exact_over_threads():
    budget = Budget(50, "things")

    def take_and_give(_: int) -> None:
        with budget.account() as account:
            for amount in (5, 1, 3):
                account.reserve(amount)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take_and_give, range(200)))
    assert budget.used == 0


def test_a_reservation_takes_the_place_of_the_one_before():
    budget = Budget(10, "bytes")
    account = budget.account()
    account.reserve(7)
    account.reserve(9)
    assert budget.used == 9


def test_a_reservation_that_is_refused_leaves_the_one_before():
    budget = Budget(10, "bytes")
    first, second = budget.account(), budget.account()
    first.reserve(6)
    second.reserve(3)
    with pytest.raises(Refused, match="expected room for 5 bytes, got 4 free") as refused:
        second.reserve(5)
    assert refused.value.code == "busy"
    assert budget.used == 9


def test_a_reservation_can_shrink_in_a_budget_that_is_overdrawn():
    budget = Budget(10, "bytes")
    account = budget.account()
    account.reserve(10)
    budget.total = 5
    account.reserve(8)
    assert budget.used == 8


def test_a_closed_account_refuses_and_holds_nothing():
    budget = Budget(10, "bytes")
    with budget.account() as account:
        account.reserve(7)
    for amount in (0, 7):
        with pytest.raises(Refused, match="closed"):
            account.reserve(amount)
    account.close()
    assert budget.used == 0


def test_reservations_that_race_with_the_end_of_their_account_leave_nothing():
    budget = Budget(1000, "bytes")

    def race(_: int) -> None:
        account = budget.account()

        def reserve() -> None:
            for amount in range(20):
                try:
                    account.reserve(amount)
                except Refused:
                    return

        with ThreadPoolExecutor(1) as other:
            running = other.submit(reserve)
            account.close()
            running.result()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, range(100)))
    assert budget.used == 0
