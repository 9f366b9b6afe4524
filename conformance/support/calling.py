"""Kernels have no Python wrapper (that halves their compile time); tests call them through this."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def from_python(kernel: Callable[..., Any]) -> Callable[..., Any]:
    if numba.config.DISABLE_JIT:
        return np.errstate(all="ignore")(kernel)
    return numba.njit(lambda *arguments: kernel(*arguments))
