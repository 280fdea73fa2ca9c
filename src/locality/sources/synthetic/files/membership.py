"""ODS ``ePCN``: a workbook of networks and of their core members, headers broken over lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from locality.sources.synthetic.calendar import short_month
from locality.sources.synthetic.files.sheets import put_sheets

_ADDRESS = [*(f"Address Line {number}" for number in range(1, 6)), "Postcode"]
_NETWORKS = [
    "PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date",
    "Close Date", *_ADDRESS,
]  # fmt: skip
_MEMBERS = [
    "Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code",
    "Practice\nParent\nSub ICB Loc Name", "PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name", "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date", "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Network:
    """One network as the file has it; ``sub_icb`` is code and name."""

    code: str
    name: str
    sub_icb: tuple[str, str]
    opened: date
    closed: date | None = None
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One practice's membership of a network; ``sub_icb`` is the practice's code and name."""

    code: str
    name: str
    sub_icb: tuple[str, str]
    network: Network
    since: date
    until: date | None = None


def write_epcn(
    folder: Path, on: date, networks: Iterable[Network], members: Iterable[Member]
) -> Path:
    """Write both sheets and return where; dates are texts such as 20191001."""
    sheets = {
        "PCNDetails": [
            _NETWORKS,
            *(
                [one.code, one.name, *one.sub_icb, _digits(one.opened), _digits(one.closed),
                 *[""] * 5, one.postcode]
                for one in networks
            ),
        ],
        "PCN Core Partner Details": [
            _MEMBERS,
            *(
                [one.code, one.name, *one.sub_icb, one.network.code, one.network.name,
                 *one.network.sub_icb, _digits(one.since), _digits(one.until),
                 str(one.sub_icb == one.network.sub_icb).upper()]
                for one in members
            ),
        ],
    }  # fmt: skip
    return put_sheets(folder / f"ePCN-{short_month(on)}.xlsx", sheets)


def _digits(on: date | None) -> str:
    return f"{on:%Y%m%d}" if on else ""
