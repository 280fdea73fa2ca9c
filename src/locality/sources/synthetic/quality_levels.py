"""How many patients each made-up QOF indicator is about, and how many of them meet it.

Believable, not measured: no figure here is a claim about real practices.
"""

from __future__ import annotations

from typing import NamedTuple


class Level(NamedTuple):
    """Shares: of register or list that is eligible, of those who meet it, of care adjustments."""

    eligible: float
    achieved: float
    adjusted: float = 0.05


#: Groups without a register of their own -> the registers that are added up for them.
ELIGIBLE = {
    "CHOL": ("CHD", "PAD", "STIA"),
    "CD": ("CHD", "STIA"),
    "SMOK": ("CHD", "PAD", "STIA", "DM", "COPD", "CKD", "AST", "MH"),
}

_PRESSURE = {
    "HYP008": 0.82, "HYP009": 0.18, "HYP003": 0.82, "HYP007": 0.18, "HYP010": 0.82,
    "HYP011": 0.18, "CHD008": 0.62, "CHD009": 0.38, "CHD015": 0.62, "CHD016": 0.38,
    "STIA010": 0.58, "STIA011": 0.42, "STIA014": 0.58, "STIA015": 0.42, "CD001": 0.60,
    "CD002": 0.40, "DM019": 0.75, "DM033": 0.75, "DM036": 0.65,
}  # fmt: skip

LEVELS: dict[str, Level] = {
    **{code: Level(share, 0.77, 0.04) for code, share in _PRESSURE.items()},
    "AF006": Level(0.35, 0.92),
    "AF007": Level(0.85, 0.90),
    "AF008": Level(0.85, 0.92),
    "AST006": Level(0.04, 0.45, 0.10),
    "AST007": Level(0.95, 0.62, 0.08),
    "AST008": Level(0.14, 0.75),
    "AST011": Level(0.06, 0.50, 0.10),
    "BP002": Level(0.46, 0.90, 0.01),
    "CAN004": Level(0.15, 0.88),
    "CAN005": Level(0.08, 0.90),
    "CHOL003": Level(0.95, 0.86, 0.06),
    "CHOL004": Level(0.95, 0.44, 0.06),
    "COPD010": Level(0.95, 0.68, 0.08),
    "COPD014": Level(0.25, 0.70, 0.15),
    "CS005": Level(0.13, 0.72, 0.02),
    "CS006": Level(0.085, 0.80, 0.02),
    "DEM004": Level(0.98, 0.72),
    "DEP004": Level(0.05, 0.70, 0.06),
    "DM006": Level(0.08, 0.88),
    "DM012": Level(0.97, 0.84),
    "DM014": Level(0.06, 0.75, 0.10),
    "DM020": Level(0.80, 0.62, 0.06),
    "DM021": Level(0.15, 0.80, 0.06),
    "DM022": Level(0.50, 0.74, 0.08),
    "DM023": Level(0.18, 0.86, 0.06),
    "HF003": Level(0.40, 0.90, 0.12),
    "HF006": Level(0.40, 0.90, 0.10),
    "HF007": Level(0.97, 0.76),
    "HF008": Level(0.20, 0.82),
    "MH021": Level(0.92, 0.60, 0.10),
    "NDH002": Level(0.97, 0.78, 0.02),
    "SMOK002": Level(0.95, 0.92, 0.01),
    "SMOK004": Level(0.16, 0.85, 0.02),
    "SMOK005": Level(0.14, 0.90, 0.02),
    "VI001": Level(0.010, 0.92, 0.01),
    "VI002": Level(0.010, 0.88, 0.01),
    "VI003": Level(0.011, 0.83, 0.01),
    "VI004": Level(0.006, 0.55, 0.01),
}
_OF_A_REGISTER = Level(0.90, 0.88)
_OF_EVERYONE = Level(0.02, 0.80)


def level_of(code: str, group: str) -> Level:
    """Return the level of an indicator, or the usual one of its kind where none is set."""
    usual = _OF_EVERYONE if group in ("BP", "CS", "VI", "CON") else _OF_A_REGISTER
    return LEVELS.get(code, usual)
