"""Fixtures and time limits that the tests share."""

from __future__ import annotations

import faulthandler
import signal

import pytest

import tabular_sense as ts

PEOPLE = {
    "id": [1, 2, 3],
    "name": ["王芳", "李强", "张伟"],
    "nl": [27, 31, 45],
    "tel": ["13824719365", "15901837462", "18673920184"],
    "status": ["已发货", "待付款", "已完成"],
}
#: The types of the columns of `PEOPLE`.
TYPES = {"id": ["int"], "name": ["name"], "nl": ["age", "int"], "tel": ["phone"], "status": ["state"]}


#: The number of seconds that the setup, call or teardown of a test may take. None takes a fifth of it on two busy cores; the limit
#: ends a test that would wait forever.
LIMIT = 600


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    return (yield from _limited(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    return (yield from _limited(item, "call"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    return (yield from _limited(item, "teardown"))


def _limited(item, step: str):
    """Makes a step that takes too long fail. If the step blocks signals, the tests end after twice the limit, with a traceback of
    each thread.
    """
    if not hasattr(signal, "SIGALRM"):
        return (yield)

    def late(*_):
        raise TimeoutError(f"{item.nodeid}: its {step} takes longer than {LIMIT} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    faulthandler.dump_traceback_later(2 * LIMIT, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def classifier() -> ts.Classifier:
    return ts.Classifier()


@pytest.fixture()
def people() -> dict:
    return {name: list(values) for name, values in PEOPLE.items()}


@pytest.fixture()
def types() -> dict:
    return TYPES
