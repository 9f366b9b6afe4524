"""The one way to compile a kernel, and a disk cache that notices every edit.

The options: `nogil` lets threads run replications at the same time; `error_model="numpy"` drops the test for division by zero,
which prevents vectorisation; `fastmath` stays off, because with it the last bits depend on the processor.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np
import platformdirs
from numba import config, types
from numba.extending import intrinsic, overload, register_jitable

from sim.economy.kernel_cache import KernelCache, KernelFolder

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS = {"nogil": True, "error_model": "numpy", "fastmath": False}
INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _cache_folder() -> Path:
    """Name the cache after compiler, options and all sources of the economy: a kernel contains the kernels that it calls."""
    compiler = (sys.version, numba.__version__, llvmlite.__version__, np.__version__, config.BOUNDSCHECK, config.OPT)
    digest = hashlib.sha256(repr(compiler).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    chosen = config.CACHE_DIR and Path(config.CACHE_DIR).absolute()  # NUMBA_CACHE_DIR
    return (chosen or Path(platformdirs.user_cache_dir("interfirm")) / "kernels") / digest.hexdigest()[:16]


CACHE = KernelFolder(_cache_folder())


def kernel(function: Function) -> Function:
    """Compile a function that other kernels call. It allocates no arrays: what it needs is in `state.Room`.

    It works without Numba's reference counts: raising and lowering the counters of forty arrays at every call made a month twenty
    times slower. On disk it is part of the entry points that use it.
    """
    return cast(Function, numba.njit(_nrt=False, **INNER, **OPTIONS)(function))


def kernel_and_python(function: Function) -> Function:
    """Let kernels call a function of numbers that Python calls too, on numbers or arrays: one definition serves both."""
    return cast(Function, register_jitable(**OPTIONS)(function))


def entry_point(function: Function) -> Function:
    """Compile a function that Python calls, and keep it on disk between processes.

    Interpreted (`NUMBA_DISABLE_JIT=1`), integers wrap around silently, as they do when compiled.
    """
    if config.DISABLE_JIT:
        return np.errstate(all="ignore")(function)
    compiled = numba.njit(**OPTIONS)(function)
    compiled._cache = KernelCache(function, CACHE)
    return cast(Function, compiled)


def compiled_for(function: Function, *arguments: Any) -> Function:
    """The machine code of an entry point for arguments of these types, for a caller that calls it often.

    Otherwise Numba looks at the type of every array at every call; for the eighty of a state that takes as long as a month of 700
    firms.
    """
    if config.DISABLE_JIT:
        return function
    types_of_arguments = tuple(numba.typeof(argument) for argument in arguments)
    return cast(Function, function.compile(types_of_arguments))  # type: ignore[attr-defined]


def fma(a: float, b: float, c: float) -> float:
    """a·b + c with one rounding, as `math.fma` of Python 3.13; compiled, it is the processor's instruction."""
    from fractions import Fraction

    if not (np.isfinite(a) and np.isfinite(b) and np.isfinite(c)):
        return a * b + c
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    return float(exact)


@intrinsic  # type: ignore[untyped-decorator]
def _fma_instruction(_typing: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@overload(fma)  # type: ignore[untyped-decorator]
def _fma_compiled(a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001
    def fused(a: Any, b: Any, c: Any) -> Any:
        return _fma_instruction(a, b, c)

    return fused
