"""Whether the statistics behind verdicts keep their promises, and what they cost: fixed seeds.

Every figure is from made-up counts and is no claim about real practices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from bench.floor import Row, timed
from locality import statistics
from locality.statistics.bunching import bunching
from locality.statistics.opportunity import opportunity

UNITS = 7_000


def logit_normal(rng: np.random.Generator, mean: float, deviation: float, units: int) -> np.ndarray:
    line = np.log(mean / (1 - mean)) + deviation * rng.standard_normal(units)
    return 1 / (1 + np.exp(-line))


def sizes(rng: np.random.Generator, median: float, units: int, spread: float = 0.6) -> np.ndarray:
    return np.round(median * np.exp(spread * rng.standard_normal(units))).clip(5)


def measures() -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """Yield a name, a kind, counts and sizes of measures of the shapes that England has."""
    rng = np.random.default_rng(1)
    for median in (600, 9_000, 40):
        size = sizes(rng, median, UNITS)
        mean, deviation = (0.07, 0.3) if median == 9_000 else (0.8, 0.25)
        count = rng.binomial(size.astype(int), logit_normal(rng, mean, deviation, UNITS))
        yield f"proportion, {median:,} patients", "proportion", count.astype(float), size
    for median in (600, 9_000):
        size = sizes(rng, median, UNITS)
        count = rng.poisson(size * 0.05 * rng.gamma(20, 1 / 20, UNITS))
        yield f"rate, {median:,} patients", "rate", count.astype(float), size


def verdict(kind: str, y: np.ndarray, n: np.ndarray) -> None:
    """Do what a national refresh does once for each measure at its latest period."""
    proportion = kind == "proportion"
    spread = (statistics.beta_spread if proportion else statistics.gamma_spread)(y, n)
    statistics.reliability(spread, n)
    statistics.size_needed(spread)
    statistics.shrink(spread, y, n)
    for tail in ("highest", "lowest"):
        statistics.calls(statistics.probability_in_tail(spread, y, n, tail=tail))
    peers = statistics.overdispersion(y, n, kind="proportion" if proportion else "rate")
    statistics.unusual_among_peers(y, n, peers)
    statistics.regression_to_the_mean(spread, y, n)


def exact_tail(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from scipy.special import betainc

    return betainc(a, np.maximum(b, 1), 0.5)


def speed() -> None:
    print(f"\nA verdict on {UNITS:,} practices, one measure")
    for name, kind, y, n in measures():
        # Two ends and two tails for each practice, were both as quick as one exact tail.
        floor = timed(lambda y=y, n=n: [exact_tail(y + 1, n - y + 1) for _ in range(4)], 3)
        took = timed(lambda kind=kind, y=y, n=n: verdict(kind, y, n), 5)
        print(Row(name, took * 1_000, "ms", 120, floor * 1_000, "floor: exact tails alone"))


def precision() -> None:
    print("\nTruly worst tenth: calls right, against what they claim")
    print(
        f"{'truth':<16}{'reliability':>12}{'calls':>8}{'right':>8}{'claimed':>9}{'worst 10th':>12}"
    )
    rounds = {0.4: 120, 0.5: 80, 0.64: 30, 0.75: 15, 0.86: 10, 0.95: 10}
    for truth in ("beta", "logit-normal"):
        for median, many in rounds.items():
            totals, raw, found = np.zeros(3), [], 0.0
            for seed in range(many):
                rng = np.random.default_rng([seed, int(100 * median), truth == "beta"])
                half = 50 if truth == "beta" else 100
                true = (
                    rng.beta(40, 10, UNITS)
                    if truth == "beta"
                    else logit_normal(rng, 0.8, 0.25, UNITS)
                )
                size = sizes(rng, half * median / (1 - median), UNITS).astype(int)
                count = rng.binomial(size, true)
                spread = statistics.beta_spread(count, size)
                found += float(statistics.reliability(spread, size).median) / many
                worst = true < np.quantile(true, 0.1)
                chance = statistics.probability_in_tail(spread, count, size, tail="lowest")
                called = statistics.calls(chance).called
                totals += called.sum(), worst[called].sum(), chance[called].sum()
                value = count / size
                raw.append(worst[value <= np.quantile(value, 0.1)].mean())
            right, claimed = totals[1] / totals[0], totals[2] / totals[0]
            verdict = "met" if right >= 0.9 and abs(right - claimed) <= 0.06 else "NOT MET"
            print(
                f"{truth:<16}{found:>12.2f}{totals[0]:>8.0f}{right:>8.1%}{claimed:>9.1%}"
                f"{np.mean(raw):>12.1%}  asked >= 90 %, within 6 points of the claim: {verdict}"
            )


def drawn_peers(rng: np.random.Generator, units: int, many: int = 10) -> np.ndarray:
    drawn = np.stack([rng.choice(units - 1, many, replace=False) for _ in range(units)])
    return drawn + (drawn >= np.arange(units)[:, None])


def best_five(y: np.ndarray, n: np.ndarray, peers: np.ndarray) -> np.ndarray:
    """Return who is told of an opportunity against the best five of ten, as RightCare does.

    The area's own 95 % interval is held against the plain mean of its five best peers.
    """
    value = y / n
    best = np.sort(value[peers], -1)[:, :5].mean(-1)
    return value - 1.96 * np.sqrt(value * (1 - value) / n) > best


def opportunities() -> None:
    print("\nAreas with no true difference from their peers that are told of an opportunity")
    print(f"{'areas':>6}{'patients':>10}{'logit deviation':>17}{'here':>8}{'best 5 of 10':>14}")
    for units, median in ((200, 1_000), (200, 20_000), (42, 3_000), (1_000, 200)):
        for deviation in (0.0, 0.1, 0.25):
            here, best = [], []
            for seed in range(4_000 // units + 20):
                rng = np.random.default_rng([seed, units, median])
                size = sizes(rng, median, units, 0.5).astype(int)
                true = logit_normal(rng, 0.3, deviation, units)
                alike = rng.random(units) < 0.3
                true = np.where(alike, logit_normal(rng, 0.3, deviation, 50_000).mean(), true)
                count = rng.binomial(size, true)
                peers = drawn_peers(rng, units)
                spread = statistics.beta_spread(count, size)
                made = opportunity(spread, count, size, peers, better="low")
                here.append(made.told[alike])
                best.append(best_five(count, size, peers)[alike])
            share, other = np.concatenate(here).mean(), np.concatenate(best).mean()
            print(
                f"{units:>6,}{median:>10,}{deviation:>17.2f}{share:>8.1%}{other:>14.1%}"
                f"  asked <= 3 %: {'met' if share <= 0.03 else 'NOT MET'}"
            )


def heaps() -> None:
    print(
        "\nBunching at a threshold: found where there is none,"
        " and where 30 % of those just below moved"
    )
    print(
        f"{'patients':>9}{'threshold':>11}{'none: p < 5 %':>15}"
        f"{'moved: p < 5 %':>16}{'moved':>8}{'excess':>8}"
    )
    for median in (25, 60, 600):
        for threshold in (0.7, 0.8, 0.9):
            false, found, moved, excess = [], [], [], []
            for seed in range(120):
                rng = np.random.default_rng([seed, median])
                size = sizes(rng, median, 2_000, 0.8).astype(int)
                few = rng.random(2_000) < 0.15
                true = np.where(few, rng.beta(6, 5, 2_000), rng.beta(30, 6, 2_000))
                count = rng.binomial(size, true)
                false.append(bunching(count, size, threshold).probability < 0.05)
                need = np.ceil(threshold * size - 1e-9)
                go = (count < need) & (count / size > threshold - 0.02) & (rng.random(2_000) < 0.3)
                made = bunching(np.where(go, need, count), size, threshold)
                found.append(made.probability < 0.05)
                moved.append(go.sum())
                excess.append(made.excess)
            print(
                f"{median:>9,}{threshold:>11.0%}{np.mean(false):>15.1%}{np.mean(found):>16.1%}"
                f"{np.mean(moved):>8.0f}{np.nanmean(excess):>8.0f}"
            )


def nested(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return counts of units and whether each group sums each: networks in boards, and more."""
    units = int(rng.integers(3, 13))
    network = np.sort(rng.integers(0, max(units // 3, 1) + 1, units))
    board = network // 2
    rows = [network == one for one in np.unique(network)] + [
        board == one for one in np.unique(board)
    ]
    rows.append(np.ones(units, bool))
    if rng.random() < 0.5:
        rows.append(rng.random(units) < 0.5)  # a locality of somebody's own
    groups = np.array([row for row in rows if row.any()])
    return rng.choice([0, 2, 5, 9, 20, 80], units, p=[0.15, 0.15, 0.15, 0.2, 0.2, 0.15]), groups


def leaks(counts: np.ndarray, groups: np.ndarray, small: int = 7) -> bool:
    """Return whether shown cells and totals tell a small hidden cell, by exact elimination.

    Every row that elimination can make is bounded: a small cell lies from 0 to ``small``, another
    hidden one above. Told is a cell whose bounds meet.
    """
    hides = statistics.suppress(counts, groups, small)
    if np.any((counts <= small) & ~hides.units):
        return True
    sums = groups @ counts
    if np.any((sums <= small) & ~hides.totals):
        return True
    cells = np.flatnonzero(hides.units)
    if not len(cells):
        return False
    low = [Fraction(0 if counts[u] <= small else small + 1) for u in cells]
    high = [Fraction(small) if counts[u] <= small else Fraction(10**9) for u in cells]
    rows = [
        [Fraction(int(x)) for x in row[cells]] + [Fraction(int(row[cells] @ counts[cells]))]
        for row, hide in zip(groups, hides.totals, strict=True)
        if not hide and row[cells].any()
    ]
    rows += reduced(rows)
    moving = True
    while moving:
        moving = False
        for row in rows:
            for place, factor in enumerate(row[:-1]):
                if factor:
                    others = [(k, x) for k, x in enumerate(row[:-1]) if x and k != place]
                    least = sum(x * (low[k] if x > 0 else high[k]) for k, x in others)
                    most = sum(x * (high[k] if x > 0 else low[k]) for k, x in others)
                    ends = sorted(((row[-1] - least) / factor, (row[-1] - most) / factor))
                    if -(-ends[0] // 1) > low[place] or ends[1] // 1 < high[place]:
                        low[place] = max(low[place], Fraction(-(-ends[0] // 1)))
                        high[place] = min(high[place], Fraction(ends[1] // 1))
                        moving = True
    return any(counts[u] <= small and low[k] == high[k] for k, u in enumerate(cells))


def reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return the rows of the reduced echelon form of ``rows``, in exact fractions."""
    work, done = [list(row) for row in rows], 0
    for column in range(len(rows[0]) - 1 if rows else 0):
        pivot = next((k for k in range(done, len(work)) if work[k][column]), None)
        if pivot is None:
            continue
        work[done], work[pivot] = work[pivot], work[done]
        work[done] = [x / work[done][column] for x in work[done]]
        for k in range(len(work)):
            if k != done and work[k][column]:
                times = work[k][column]
                work[k] = [a - times * b for a, b in zip(work[k], work[done], strict=True)]
        done += 1
    return [row for row in work[:done] if any(row[:-1])]


def disclosure(tables: int = 10_000) -> int:
    rng = np.random.default_rng(7)
    told = sum(leaks(*nested(rng)) for _ in range(tables))
    print(
        f"\nOf {tables:,} random tables, {told} tell a hidden small cell:"
        f" {'NOT MET' if told else 'met'}"
    )
    return told


def main() -> None:
    """Print every table; seeds are fixed, so figures are the same on every machine but times."""
    parts: tuple[Callable[[], object], ...] = (speed, precision, opportunities, heaps, disclosure)
    for part in parts:
        part()


if __name__ == "__main__":
    main()
