"""The compiled engine of the interpreter, where there is a C++ compiler; all else stands in setup.cfg."""

from pathlib import Path

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "geoaddr.interpretation._engine",
            ["native/module.cpp"],
            depends=[str(path) for path in sorted(Path("native").glob("*.hpp"))],
            language="c++",
            # no sum is to be rounded otherwise than Python does
            extra_compile_args=["-std=c++17", "-O2", "-g0", "-ffp-contract=off"],
            optional=True,  # without it texts are read in plain Python, to the same answers
        )
    ]
)
