"""Moves this process to the date of its test run (`scripts/test --on`).

Python imports a module of this name as it starts, where PYTHONPATH leads to one: so the date holds
in whatever the tests start, too. Monotonic clocks and the times of files stay real.
"""

import os
import sys
import time

if shift := os.environ.get("CADENCE_CUE_TESTS_SHIFT"):  # in seconds
    # For its fixture time_machine imports pytest, which no command should have to wait for.
    pytest = sys.modules.pop("pytest", None)
    sys.modules["pytest"] = None  # type: ignore[assignment]
    import time_machine

    del sys.modules["pytest"]
    if pytest:
        sys.modules["pytest"] = pytest
    time_machine.travel(time.time() + float(shift)).start()
    time.time()  # from the first look on it ticks
