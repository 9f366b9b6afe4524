"""Kernels have no Python wrapper, which halves the time to compile them; here they get one."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def from_python(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return the kernel as a function that Python can call."""
    if numba.config.DISABLE_JIT:
        return np.errstate(all="ignore")(kernel)
    return numba.njit(lambda *arguments: kernel(*arguments))
