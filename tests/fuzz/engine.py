"""The process in which the fuzzer's engine runs: bytes in, every invariant checked, time watched."""

from __future__ import annotations

import sys
import time

SLOW_S = 1.5
"""Of process time, under the instruments of the engine, for all verbs together on so short a text."""


def text_of(data: bytes) -> str:
    """The text of a fuzzer's bytes; half characters stay in, by their three bytes."""
    return data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("utf-8", "replace")


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def fuzz(arguments: list[str]) -> None:
    """Run the engine with its own arguments; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["geoaddr"]):
        import geoaddr
        from tests.fuzz.invariants import check
    ga = geoaddr.open(store="memory:")
    ga.validate("Xa Tan Ann, Dong Nay")  # what is built when first needed

    def one(data: bytes) -> None:
        text = text_of(data)
        for last in (False, True):  # the first time may have to build what is then kept
            begin = time.process_time()
            check(ga, text)
            spent = time.process_time() - begin
            if spent < SLOW_S:
                return
            assert not last, f"{spent:.3f} s for {text!r}"

    # to merge, the engine runs itself again by this name
    atheris.Setup([f"{sys.executable} -m {__spec__.name}", *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1:])
