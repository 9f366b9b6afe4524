"""exp, log and the normal quantile, against mpmath and SciPy."""

import mpmath
import numpy as np
import pytest
from scipy.special import ndtri

from conformance.support.kernels import from_python
from sim.economy import arithmetic

mpmath.mp.dps = 50
exp, log, quantile = (from_python(f) for f in (arithmetic.exp, arithmetic.log, arithmetic.normal_quantile))


def ulps(ours: float, exact: mpmath.mpf) -> float:
    return abs(float((mpmath.mpf(ours) - exact) / mpmath.mpf(float(np.spacing(abs(float(exact)))))))


def test_exp_is_exact_to_one_unit_in_the_last_place() -> None:
    points = np.concatenate([np.random.default_rng(1).uniform(-707, 708, 500), np.linspace(-1, 1, 101)])
    assert max(ulps(exp(x), mpmath.exp(mpmath.mpf(x))) for x in points) < 1.01


def test_log_is_exact_to_one_unit_in_the_last_place() -> None:
    rng = np.random.default_rng(2)
    points = np.concatenate([10 ** rng.uniform(-300, 300, 500), rng.uniform(0.5, 2, 500), 1 + 10 ** rng.uniform(-15, -3, 100)])
    assert max(ulps(log(x), mpmath.log(mpmath.mpf(x))) for x in points if x != 1.0) < 1.01
    assert log(1.0) == 0.0


@pytest.mark.parametrize(("x", "value"), [(-709.0, 0.0), (-np.inf, 0.0), (0.0, 1.0)])
def test_exp_falls_to_zero_and_never_to_a_subnormal_number(x: float, value: float) -> None:
    assert exp(x) == value


def test_exp_never_overflows() -> None:
    assert np.isfinite(exp(1e300))


def test_the_log_of_zero_is_minus_infinity() -> None:
    assert log(0.0) == -np.inf


def test_the_normal_quantile_agrees_with_scipy_into_the_far_tails() -> None:
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.uniform(0, 1, 2000), 10 ** rng.uniform(-300, 0, 1000), 1 - 10 ** rng.uniform(-15, -1, 500)])
    ours = np.array([quantile(p) for p in points])
    np.testing.assert_allclose(ours, ndtri(points), rtol=3e-15, atol=1e-15)
