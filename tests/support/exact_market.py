"""One market solved to 20 digits with mpmath. It shares no line, no bracket and no start with ours."""

import mpmath as mp
import numpy as np


def exact_equilibrium(
    weights: np.ndarray, marginal_costs: np.ndarray, price_sensitivity: float, outside: float, sales_focus: np.ndarray
) -> tuple[list, list, mp.mpf]:
    """Return prices, shares and the share of the outside good, of exactly these numbers (Nocke & Schutz 2018).

    ln H is where what is bought and what the strongest firm leaves to the others are equal.
    """
    with mp.workdps(40):
        alpha = mp.mpf(price_sensitivity)
        perceived = [(1 - mp.mpf(b)) * mp.mpf(c) for b, c in zip(sales_focus, marginal_costs, strict=True)]
        level = [mp.log(mp.mpf(w)) - alpha * p - 1 if w > 0 else None for w, p in zip(weights, perceived, strict=True)]
        log_outside = mp.log(mp.mpf(outside)) if outside > 0 else None
        known = sorted(x for x in (*level, log_outside) if x is not None)
        ends = known[-2] - 2 if len(known) > 1 else known[0] - 2, known[-1] + mp.log(len(known)) + 2
        h = mp.findroot(lambda h: _log_excess(level, log_outside, h), ends, solver="anderson", tol=mp.mpf(10) ** -40, maxsteps=200)
        odds = [_odds(x, h) for x in level]
        prices = [p + (1 + z) / alpha for p, z in zip(perceived, odds, strict=True)]
        return prices, [z / (1 + z) for z in odds], mp.exp(log_outside - h) if log_outside is not None else mp.mpf(0)


def _log_excess(level: list, log_outside: mp.mpf | None, h: mp.mpf) -> mp.mpf:
    """Return the logarithm of all shares but the largest, divided by what the largest leaves; 0 in equilibrium, falling in h."""
    odds = sorted(_odds(x, h) for x in level)
    others = sum((z / (1 + z) for z in odds[:-1]), mp.exp(log_outside - h) if log_outside is not None else mp.mpf(0))
    return mp.log(others) + mp.log1p(odds[-1])


def _odds(level: mp.mpf | None, h: mp.mpf) -> mp.mpf:
    """Return z = share/(1 - share), from ln z + z - ln(1 + z) = level - h by Newton steps in ln z, which only fall."""
    if level is None:
        return mp.mpf(0)
    y = level - h
    u = mp.log(y + 2) if y > 0 else y
    for _ in range(200):
        z = mp.exp(u)
        step = (u + z - mp.log1p(z) - y) / (1 + z - z / (1 + z))
        u -= step
        if abs(step) < mp.mpf(10) ** -35 * (1 + abs(u)):
            return mp.exp(u)
    raise ArithmeticError(f"no odds for {mp.nstr(y)}")
