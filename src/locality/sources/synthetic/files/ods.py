"""ODS epraccur: practices and cost centres, open and closed, 27 columns and no header."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from locality.sources.synthetic import codes
from locality.sources.synthetic.calendar import LATEST, short_month
from locality.sources.synthetic.files.wrapping import put, quoted
from locality.sources.synthetic.world import World

#: Prescribing setting of a GP practice; the others are cost centres of other kinds.
_GP_PRACTICE = "4"
_OTHERS = (
    ("Community Nursing", "A", "0", ""),
    ("Out of Hours Service", "A", "1", ""),
    ("Minor Injuries Unit", "A", "2", ""),
    ("Smoking Clinic", "C", "9", "20220331"),
    ("Hospice", "A", "10", ""),
    ("Proposed Wellbeing Hub", "P", "26", ""),
    ("Former Branch Surgery", "D", "4", ""),
)
_WELSH = (("Ty Teasel", "A"), ("Plas Linnet", "C"))
#: Numbers that the regulator keeps for made-up people: 01632 960000 to 960999.
_TELEPHONE = "01632 960{:03d}"


def write_epraccur(folder: Path, world: World) -> Path:
    """Write every practice there ever was, some cost centres of other kinds, and two in Wales."""
    boards, board = world.boards_on(LATEST)
    rows = []
    for p, code in enumerate(world.practices.code):
        sub = int(world.sub[p])
        ended = world.closed_on if p == world.planted.closed else None
        rows.append(
            _row(
                code,
                world.practices.name[p],
                region=world.regions.code[world.board_region[world.sub_board[sub]]],
                board=boards.code[board[p]],
                address=(world.street[p], boards.name[board[p]].split(" and ")[0]),
                postcode=world.postcode[p],
                opened=world.opened[p],
                closed=_digits(ended) if ended else "",
                status="C" if ended else "A",
                sub=world.subs.code[sub],
                joined=max(world.opened[p], date(2013, 4, 1)),
                telephone=_TELEPHONE.format(p % 1000),
                setting=_GP_PRACTICE,
            )
        )
    home = int(world.home.argmax())
    spare = codes.postcodes(world.count + len(_OTHERS) + len(_WELSH))[world.count :]
    others = zip(codes.cost_centre_codes(len(_OTHERS)), _OTHERS, spare, strict=False)
    for code, (name, status, setting, closed), postcode in others:
        rows.append(
            _row(
                code,
                f"{world.places.name[0]} {name}",
                region=world.regions.code[0],
                board=boards.code[0],
                address=(world.street[0], world.places.name[0]),
                postcode=postcode,
                opened=date(2016, 4, 1),
                closed=closed,
                status=status,
                sub=world.subs.code[world.sub[home]],
                joined=date(2016, 4, 1),
                telephone="",
                setting=setting,
            )
        )
    welsh = zip(codes.welsh_codes(len(_WELSH)), _WELSH, spare[len(_OTHERS) :], strict=True)
    for code, (name, status), postcode in welsh:
        rows.append(
            _row(
                code,
                name,
                region="W00",
                board="Q99",
                address=(world.street[0], name),
                postcode=postcode,
                opened=date(2003, 4, 1),
                closed="20190331" if status == "C" else "",
                status=status,
                sub="7ZZ",
                joined=date(2003, 4, 1),
                telephone="",
                setting=_GP_PRACTICE,
            )
        )
    rows.sort()
    return put(folder / f"epraccur-{short_month(LATEST)}.csv", quoted(rows))


def _row(
    code: str,
    name: str,
    *,
    region: str,
    board: str,
    address: tuple[str, str],
    postcode: str,
    opened: date,
    closed: str,
    status: str,
    sub: str,
    joined: date,
    telephone: str,
    setting: str,
) -> list[str]:
    """Return the 27 cells, numbered from 1 in the publisher's own description of the file."""
    one_to_ten = [code, name.upper(), region, board, *(line.upper() for line in address)]
    one_to_ten += ["", "", "", postcode]
    eleven_to_seventeen = [_digits(opened), closed, status, "B", sub, _digits(joined), closed]
    amended, provider = "0", sub
    rest = [telephone, "", "", "", amended, "", provider, "", setting, ""]
    return one_to_ten + eleven_to_seventeen + rest


def _digits(on: date) -> str:
    return on.strftime("%Y%m%d")
