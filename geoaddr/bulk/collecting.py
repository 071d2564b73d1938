"""Python's collector of cycles, put off while a few answers are worked out.

Answers are many small values, hardly any of which are in cycles: what is not kept goes at once, by its count of
references. The collector looks at all of them again and again nevertheless, which took a sixth of the time of a
conversion. Cycles, such as those of an error with its traceback, wait for the end of the piece at most.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_put_off() -> Iterator[None]:
    """No collection inside, in no thread, unless somebody turns the collector on.

    Who finds it off leaves it so, and who turned it off turns it on again whatever happened: so pieces inside one
    another, or side by side in threads, neither leave it off nor turn on what the program around them turned off.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
