"""Signals, threads and processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

import tabular_sense as ts


def test_threads_share_a_classifier(classifier, people):
    expected = classifier.predict(people)
    with ThreadPoolExecutor(8) as threads:
        assert all(found == expected for found in threads.map(classifier.predict, [people] * 40))


def test_other_threads_run_meanwhile(classifier):
    counted = 0
    is_done = threading.Event()

    def count():
        nonlocal counted
        while not is_done.is_set():
            counted += 1
            is_done.wait(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    try:
        classifier.predict({f"nl{at}": [27, 31, 8] for at in range(3000)})
    finally:
        is_done.set()
        thread.join()
    assert counted > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_predicts(classifier, people, types):
    # After this call, the parent has its threads; they do not exist in a forked child.
    assert classifier.predict(people).types == types
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as processes:
        found = list(processes.map(classifier.predict, [people] * 4, timeout=60))
    assert all(one.types == types for one in found)


def test_a_spawned_process_predicts(classifier, people, types):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert processes.submit(classifier.predict, people).result(timeout=60).types == types


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on Unix")
def test_ctrl_c_ends_predict():
    program = """
import signal, sys, time
import tabular_sense as ts
classifier = ts.Classifier()
table = {f"c{at}": [str(at * 7919 + row) for row in range(100)] for at in range(20000)}
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
begin = time.monotonic()
try:
    classifier.predict(table)
except KeyboardInterrupt:
    sys.exit(42 if time.monotonic() - begin < 3 else 43)
"""
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 42


def test_the_import_is_light():
    program = """
import sys
import tabular_sense
heavy = {"numpy", "pandas", "polars", "pyarrow", "duckdb", "pyspark", "ray", "json", "asyncio"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}"], check=True)


def test_doctests():
    import doctest
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(ts.__path__):
        if module.name not in ("_distributed", "ray", "spark"):
            result = doctest.testmod(importlib.import_module(f"tabular_sense.{module.name}"))
            assert result.failed == 0, module.name
    assert doctest.testmod(ts).failed == 0
