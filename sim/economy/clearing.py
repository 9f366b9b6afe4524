"""The prices at which one market clears: Bertrand-Nash equilibrium with logit demand (Nocke & Schutz 2018).

With z = share/(1 - share), the first-order condition is α(p - perceived cost) = 1 + z. At these prices the demand share is
E = exp(level - h - z), where level = ln w - α·perceived cost - 1 and h = ln H. Two nested monotone equations remain:
z = E(1 + z) for each firm, solved by Halley steps, and outside·exp(-h) + sum of shares = 1, solved by Newton steps in ln H that
stay inside a bracket. Everything is in logarithms, so that no weight is too small or too large.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.economy.arithmetic import exp, log
from sim.economy.arrays import Floats
from sim.economy.compiled import kernel

BLOCK = 512  # firms whose intermediate results fit into the processor's nearest cache
LANES = 8
TOLERANCE = 1e-12
STEP_TOLERANCE = 1e-11
ROUNDING = 4e-15  # of z, and so of ln H where one firm has nearly all
MOST_ITERATIONS = 200
FAR = 256.0  # beyond such a level, floating-point numbers around ln H are too far apart for the tolerance: a base is subtracted
NEAR = 0.3  # a change of h below which the known derivative is a better start than the closed form

# The bracket of h = ln H. Write y_i = exp(level_i - h); then z·e^z/(1 + z) = y_i and share_i = z/(1 + z) = y_i·e^(-z).
# From above: share_i <= y_i, so outside/H + sum of shares <= exp(log_outside - h) + n·exp(largest level - h). With
# h = max(log_outside, largest level + ln n) + ln 2 both terms are at most 1/2 and their sum at most 1, so h is at least the root.
# From below: share_i = 1/2 where z = 1, which is y_i = e/2. With h = second largest level - ln(e/2) the two strongest firms alone
# have shares of at least 1/2 each, so h is at most the root.
ABOVE = 0.7  # ln 2 = 0.693..., rounded up
BELOW = 0.31  # ln(e/2) = 1 - ln 2 = 0.307..., rounded up

# The start of z at a given y = exp(x), see `_guess`. At x = 0 the root of z·e^z = 1 + z is z0 = 0.80647.
AT_ONE = 0.806  # z0, which both branches meet at x = 0
CURVATURE = 0.24  # 1/z0 - 1: z is close to y for small y, and y/(1 + CURVATURE·y²) = z0 at y = 1
DECAY = 0.8  # close to z0: for large x, z - x tends to ln((1 + z)/z), about 1/x, as AT_ONE/(1 + DECAY·x) does


class Clearing(NamedTuple):
    """How the search for the equilibrium ended."""

    log_aggregate: float
    converged: bool
    iterations: int
    residual: float


class Market(NamedTuple):
    """One market as the solver sees it: ln H, ln outside and all levels are taken relative to `base`."""

    level: Floats
    base: float
    log_outside: float
    leader: int


@kernel
def solve(level: Floats, log_outside: float, start: float, z: Floats, scratch: Floats) -> Clearing:
    """Find ln H and every z; `start` is a guess of ln H (NaN: none). Modified in place: z, and scratch (3 x BLOCK).

    residual = max(|E(1+z) - z|/((1+Ez)(1+z)), |outside/H + sum of shares - 1|): the largest relative error of a mark-up, and the
    error of the shares' sum, both before the last correction is applied. Firms with level = -inf sell nothing.
    """
    leader, low, high = _bracket(level, log_outside)
    if leader < 0:
        z[:] = 0.0
        return Clearing(log_outside, True, 0, 0.0)
    expected = max(level[leader], log_outside)
    base = expected if abs(expected) > FAR else 0.0
    market = Market(level, base, log_outside - base, leader)
    low, high, start = low - base, high - base, start - base
    h = start if low <= start <= high else high
    change, residual = math.inf, math.inf
    for iteration in range(1, MOST_ITERATIONS + 1):
        worst, excess, slope = _one_pass(market, h, change, z, scratch)
        residual = max(worst, abs(excess))
        if abs(excess) > worst:  # else its sign may still be due to errors of z
            low, high = (h, high) if excess > 0.0 else (low, h)
        step = _log_of_one_plus(excess) * (1.0 + excess) / slope
        if residual <= TOLERANCE and abs(step) <= max(STEP_TOLERANCE * min(1.0 + z[leader], 10.0), ROUNDING * z[leader]):
            return Clearing(base + h, True, iteration, residual)
        change = step if low <= h + step <= high else 0.5 * (low + high) - h
        h += change
    return Clearing(base + h, False, MOST_ITERATIONS, residual)


@kernel
def _bracket(level: Floats, log_outside: float) -> tuple[int, float, float]:
    """The strongest firm (-1 if none sells) and bounds of ln H, derived beside ABOVE and BELOW."""
    leader, first, second = -1, -math.inf, -math.inf
    for i in range(level.size):
        if level[i] > first:
            leader, first, second = i, level[i], first
        elif level[i] > second:
            second = level[i]
    high = max(first + log(float(level.size)), log_outside) + ABOVE
    return leader, max(second - BELOW, log_outside), high


@kernel
def _log_of_one_plus(x: float) -> float:
    """ln(1 + x), also where x is tiny."""
    return x * (1.0 - 0.5 * x) if abs(x) < 1e-8 else log(1.0 + x)


@kernel
def _one_pass(market: Market, h: float, change: float, z: Floats, scratch: Floats) -> tuple[float, float, float]:
    """Refine every z once at this h. Modified in place: z, scratch.

    Returns the largest error of a z, outside/H + sum of shares - 1, and minus the slope of that sum in h.

    Shares are added in blocks of a fixed number of lanes, so that the sum has the same bits on every processor. The leader's share
    enters as 1 - 1/(1+z), so that a share close to 1 loses no precision.
    """
    level, leader, origin = market.level, market.leader, market.base
    error, share, slope = scratch[0], scratch[1], scratch[2]
    worst, others, total_slope = 0.0, 0.0, 0.0
    for start in range(0, level.size, BLOCK):
        stop = min(start + BLOCK, level.size)
        if abs(change) > NEAR:
            _guess(level[start:stop], origin, h, z[start:stop])
        else:
            _shift(z[start:stop], change)
        _refine(level[start:stop], origin, h, z[start:stop], error, share, slope)
        width = (stop - start + LANES - 1) // LANES * LANES
        share[stop - start : width] = 0.0
        slope[stop - start : width] = 0.0
        error[stop - start : width] = 0.0
        if start <= leader < stop:
            share[leader - start] = 0.0
        worst = max(worst, _largest(error[:width]))
        others += _sum(share[:width])
        total_slope += _sum(slope[:width])
    outside = exp(market.log_outside - h)
    return worst, (outside + others) - 1.0 / (1.0 + z[leader]), outside + total_slope


@kernel
def _guess(level: Floats, base: float, h: float, z: Floats) -> None:
    """Start z close to the root of z·exp(z)/(1+z) = exp(level - h), within a few per cent everywhere. Modified in place: z."""
    for i in range(level.size):
        x = (level[i] - base) - h
        y = exp(x if x < 0.0 else 0.0)
        small = y / (1.0 + CURVATURE * y * y)
        z[i] = small if x < 0.0 else x + AT_ONE / (1.0 + DECAY * x)


@kernel
def _shift(z: Floats, change: float) -> None:
    """Follow a small change of h by dz/dh = -z(1+z)/(1+z+z²). Modified in place: z."""
    for i in range(z.size):
        z[i] = z[i] * (1.0 - change * (1.0 + z[i]) / (1.0 + z[i] + z[i] * z[i]))


@kernel
def _refine(level: Floats, base: float, h: float, z: Floats, error: Floats, share: Floats, slope: Floats) -> None:
    """One Halley step of z - E(1+z) = 0. Modified in place: z, and error (before the step), share, -d(share)/dh (after it)."""
    for i in range(level.size):
        e = exp((level[i] - base) - h - z[i])
        f = z[i] - e * (1.0 + z[i])
        df = 1.0 + e * z[i]
        error[i] = abs(f) / (df * (1.0 + z[i]))
        new = z[i] - 2.0 * f * df / (2.0 * df * df - f * e * (1.0 - z[i]))
        new = new if new > 0.0 else 0.0
        z[i] = new
        share[i] = new / (1.0 + new)
        slope[i] = new / ((1.0 + new) * (1.0 + new + new * new))


@kernel
def _sum(x: Floats) -> float:
    """The sum in eight lanes; their number must divide that of the entries."""
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
    for i in range(0, x.size, LANES):
        a0 += x[i]
        a1 += x[i + 1]
        a2 += x[i + 2]
        a3 += x[i + 3]
        a4 += x[i + 4]
        a5 += x[i + 5]
        a6 += x[i + 6]
        a7 += x[i + 7]
    return ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7))


@kernel
def _largest(x: Floats) -> float:
    """The maximum; NaN counts as large."""
    worst = 0.0
    for i in range(x.size):
        worst = worst if x[i] <= worst else x[i]
    return worst
