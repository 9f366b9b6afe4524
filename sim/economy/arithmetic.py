"""exp, log and the normal quantile with the same bits on every processor.

The C library's and NumPy's versions differ in the last bits between processors and releases, and a call inside a loop prevents
vectorisation. These are polynomials with an explicit fused multiply-add, so that no compiler decides about it, and without branches
where a hot loop needs that. Tests compare them with mpmath and SciPy.
"""

from __future__ import annotations

import math

import numpy as np

from sim.economy.compiled import fma, kernel

LOG2_E = 1.4426950408889634
LN2_HIGH = 0.6931471803691238  # ln 2 to 33 bits: its products with small integers are exact
LN2_LOW = 1.9082149292705877e-10
ROUND = 6755399441055744.0  # 1.5·2^52: adding it rounds to the nearest integer, which then sits in the low bits
SMALLEST = -708.0  # below, exp is returned as 0
LARGEST = 709.0  # above, exp is returned as exp(709)
EXPONENT = np.uint64(52)
BIAS = np.uint64(1023 << 52)
MANTISSA = np.uint64((1 << 52) - 1)
SQRT2 = 1.4142135623730951
(E2, E3, E4, E5, E6, E7, E8, E9, E10, E11, E12, E13) = (1.0 / math.factorial(n) for n in range(2, 14))
(L1, L2, L3, L4, L5, L6, L7, L8, L9, L10) = (2.0 / (2 * n + 1) for n in range(1, 11))


@kernel
def exp(x: float) -> float:
    """e^x to 1 unit in the last place; 0 below -708 and e^709 above 709 (never subnormal, never infinite)."""
    bounded = x if x > SMALLEST else SMALLEST
    bounded = bounded if bounded < LARGEST else LARGEST
    shifted = fma(bounded, LOG2_E, ROUND)
    whole = shifted - ROUND
    r = fma(whole, -LN2_LOW, fma(whole, -LN2_HIGH, bounded))
    r2 = r * r
    r4 = r2 * r2
    low = fma(fma(E5, r, E4), r2, fma(E3, r, E2))
    middle = fma(fma(E9, r, E8), r2, fma(E7, r, E6))
    high = fma(fma(E13, r, E12), r2, fma(E11, r, E10))
    p = 1.0 + fma(r2, fma(fma(high, r4, middle), r4, low), r)
    scale = np.uint64((np.float64(shifted).view(np.uint64) << EXPONENT) + BIAS).view(np.float64)
    return p * scale if x > SMALLEST else 0.0


@kernel
def log(x: float) -> float:
    """ln x for a positive normal x, to 1 unit in the last place; minus infinity for x <= 0 and below the normal range."""
    bits = np.float64(x).view(np.uint64)
    m = np.uint64((bits & MANTISSA) | BIAS).view(np.float64)
    k = np.float64(np.int64(bits >> EXPONENT) - 1023)
    high = m > SQRT2
    m = 0.5 * m if high else m
    k = k + 1.0 if high else k
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    q1 = fma(fma(L4, z, L3), z2, fma(L2, z, L1))
    q2 = fma(fma(L8, z, L7), z2, fma(L6, z, L5))
    tail = z * fma(fma(fma(L10, z, L9), z2 * z2, q2), z2 * z2, q1)
    half = 0.5 * f * f
    value = k * LN2_HIGH - ((half - fma(s, half + tail, k * LN2_LOW)) - f)
    return value if x >= 2.2250738585072014e-308 else -np.inf


@kernel
def log_of_any(x: float) -> float:
    """ln x down to the smallest number there is; minus infinity for x <= 0."""
    return log(x) if x >= 1e-300 else log(x * 1e100) - log(1e100)


@kernel
def normal_quantile(p: float) -> float:
    """The x with Phi(x) = p for 0 < p < 1, to 1e-15 relative (Wichura 1988, algorithm AS 241, PPND16)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _central(0.180625 - q * q)
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    tail = _near_tail(r - 1.6) if r <= 5.0 else _far_tail(r - 5.0)
    return -tail if q < 0.0 else tail


@kernel
def _central(r: float) -> float:
    """The quantile near the median, divided by p - 1/2."""
    a = fma(fma(2.5090809287301226727e3, r, 3.3430575583588128105e4), r, 6.7265770927008700853e4)
    a = fma(fma(fma(a, r, 4.5921953931549871457e4), r, 1.3731693765509461125e4), r, 1.9715909503065514427e3)
    a = fma(fma(a, r, 1.3314166789178437745e2), r, 3.3871328727963666080e0)
    b = fma(fma(5.2264952788528545610e3, r, 2.8729085735721942674e4), r, 3.9307895800092710610e4)
    b = fma(fma(fma(b, r, 2.1213794301586595867e4), r, 5.3941960214247511077e3), r, 6.8718700749205790830e2)
    return a / fma(fma(b, r, 4.2313330701600911252e1), r, 1.0)


@kernel
def _near_tail(r: float) -> float:
    """The quantile in the tails, down to p = e^-25."""
    c = fma(fma(7.74545014278341407640e-4, r, 2.27238449892691845833e-2), r, 2.41780725177450611770e-1)
    c = fma(fma(fma(c, r, 1.27045825245236838258e0), r, 3.64784832476320460504e0), r, 5.76949722146069140550e0)
    c = fma(fma(c, r, 4.63033784615654529590e0), r, 1.42343711074968357734e0)
    d = fma(fma(1.05075007164441684324e-9, r, 5.47593808499534494600e-4), r, 1.51986665636164571966e-2)
    d = fma(fma(fma(d, r, 1.48103976427480074590e-1), r, 6.89767334985100004550e-1), r, 1.67638483018380384940e0)
    return c / fma(fma(d, r, 2.05319162663775882187e0), r, 1.0)


@kernel
def _far_tail(r: float) -> float:
    """The quantile in the far tails."""
    e = fma(fma(2.01033439929228813265e-7, r, 2.71155556874348757815e-5), r, 1.24266094738807843860e-3)
    e = fma(fma(fma(e, r, 2.65321895265761230930e-2), r, 2.96560571828504891230e-1), r, 1.78482653991729133580e0)
    e = fma(fma(e, r, 5.46378491116411436990e0), r, 6.65790464350110377720e0)
    f = fma(fma(2.04426310338993978564e-15, r, 1.42151175831644588870e-7), r, 1.84631831751005468180e-5)
    f = fma(fma(fma(f, r, 7.86869131145613259100e-4), r, 1.48753612908506148525e-2), r, 1.36929880922735805310e-1)
    return e / fma(fma(f, r, 5.99832206555887937690e-1), r, 1.0)
