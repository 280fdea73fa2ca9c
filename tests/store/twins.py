"""The set logic of the store once more, slowly and plainly, day by day and row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
DAY = timedelta(days=1)
LEVELS = ("pcn_code", "place_code", "sub_icb_code", "icb_code", "region_code")


def lists(tables: Tables) -> list[Row]:
    found = {(r["as_at"], r["practice_code"]): dict(r) for r in tables["list_sizes"]}
    summed: Counter[tuple[date, str]] = Counter()
    for row in tables["age_sex"]:
        summed[row["as_at"], row["practice_code"]] += row["patients"]
    for (as_at, code), patients in summed.items():
        found.setdefault(
            (as_at, code),
            {
                "as_at": as_at,
                "practice_code": code,
                "sub_icb_code": None,
                "patients": patients,
                "missing": None,
            },
        )
    return [found[key] for key in sorted(found)]


def _place(tables: Tables, practice: str, day: date) -> str | None:
    said = [r for r in tables["places"] if r["practice_code"] == practice and r["from_date"] <= day]
    return max(said, key=lambda r: r["from_date"])["place_code"] if said else None


def hierarchy(tables: Tables) -> list[Row]:
    """Walk every day of every practice and write a row when what it shows has changed."""
    extracts = sorted({r["as_at"] for r in tables["practice_map"]})
    if not extracts:
        return []
    shown = {(r["practice_code"], r["as_at"]): r for r in tables["practice_map"]}
    last = max([*extracts, *(r["from_date"] for r in tables["places"])])
    rows: list[Row] = []
    for practice in sorted({code for code, _ in shown}):
        standing: Row | None = None
        day = extracts[0]
        while day <= last:
            extract = max(e for e in extracts if e <= day)
            row = shown.get((practice, extract))
            now = None
            if row is not None:
                now = {name: row.get(name) for name in LEVELS}
                now["place_code"] = _place(tables, practice, day)
            before = standing and {name: standing[name] for name in LEVELS}
            if now != before:
                if standing is not None:
                    standing["valid_to"] = day - DAY
                standing = None
                if now is not None:
                    standing = {"practice_code": practice, "valid_from": day, "valid_to": None}
                    standing |= now
                    rows.append(standing)
            day += DAY
    return rows


def practices(tables: Tables) -> set[str]:
    named = {
        r["practice_code"]
        for name in (
            "practice_map", "list_sizes", "age_sex", "weighted_populations", "qof_registers",
            "qof_overall", "qof_achievement", "payment_practices", "workforce_patients",
            "online_consultations",
        )
        for r in tables[name]
    }  # fmt: skip
    return named | {r["organisation_code"] for r in tables["iif"] if r["kind"] == "practice"}


def _sub_icbs(tables: Tables) -> dict[str, tuple[str | None, str | None]]:
    """Return the latest ICB and region of each sub-ICB, by most practices where they differ."""
    votes: dict[str, dict[date, Counter[tuple[str | None, str | None]]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for r in tables["practice_map"]:
        votes[r["sub_icb_code"]][r["as_at"]][r["icb_code"], r["region_code"]] += 1
    found = {}
    for code, by_date in votes.items():
        latest = by_date[max(by_date)]
        found[code] = min(
            latest, key=lambda pair: (-latest[pair], *((x is None, x or "") for x in pair))
        )
    return found


def members(tables: Tables) -> list[Row]:
    sub_icbs = _sub_icbs(tables)
    found: set[tuple[str, str | None, str]] = set()
    for practice in practices(tables):
        found.add(("england", "ENG", practice))
        mapped = [r for r in tables["practice_map"] if r["practice_code"] == practice]
        with_pcn = [r for r in mapped if r["pcn_code"] is not None]
        if with_pcn:
            found.add(("pcn", max(with_pcn, key=lambda r: r["as_at"])["pcn_code"], practice))
        for name in ("practice_map", "list_sizes", "ods_practices"):
            said = [
                r
                for r in tables[name]
                if r["practice_code"] == practice and r.get("sub_icb_code") in sub_icbs
            ]
            if said:
                sub_icb = max(said, key=lambda r: r["as_at"])["sub_icb_code"]
                icb, region = sub_icbs[sub_icb]
                found |= {
                    ("sub_icb", sub_icb, practice),
                    ("icb", icb, practice),
                    ("region", region, practice),
                }
                break
    for practice in {r["practice_code"] for r in tables["places"]}:
        found.add(("place", _place(tables, practice, date.max), practice))
    found |= {("group", r["code"], r["practice_code"]) for r in tables["groups"]}
    return [
        {"code": code, "kind": kind, "practice_code": practice}
        for kind, code, practice in sorted(
            entry for entry in found if entry[1] is not None and entry[1] != "U"
        )
    ]


def _latest_list(rows: list[Row]) -> tuple[int | None, date | None]:
    counted = [r for r in rows if r["patients"] is not None]
    if not counted:
        return None, None
    day = max(r["as_at"] for r in counted)
    return sum(r["patients"] for r in counted if r["as_at"] == day), day


def organisations(tables: Tables) -> list[Row]:
    seen = defaultdict(set)
    for name in ("practice_map", "list_sizes", "age_sex"):
        for r in tables[name]:
            seen[r["practice_code"]].add(r["as_at"])
    everything = set().union(*seen.values())
    ods = {r["practice_code"]: r for r in sorted(tables["ods_practices"], key=lambda r: r["as_at"])}
    all_lists, sums = lists(tables), members(tables)
    rows = []
    for code in practices(tables) | {c for c, r in ods.items() if r["is_gp_practice"]}:
        names = [
            (r["as_at"], -preference, r["practice_name"])
            for preference, name in enumerate(("practice_map", "ods_practices"))
            for r in tables[name]
            if r["practice_code"] == code
        ]
        said = ods.get(code)
        if said and (not everything or said["as_at"] >= max(everything)):
            status = said["status"]
        elif everything and max(everything) in seen[code]:
            status = "active"
        elif said and said["status"] != "active":
            status = said["status"]
        else:
            status = "not known"
        patients, as_at = _latest_list([r for r in all_lists if r["practice_code"] == code])
        rows.append(
            {
                "code": code,
                "kind": "practice",
                "name": max(names)[2] if names else code,
                "first_seen": min(seen[code], default=None),
                "last_seen": max(seen[code], default=None),
                "open_date": said["open_date"] if said else None,
                "close_date": said["close_date"] if said else None,
                "status": status,
                "patients": patients,
                "patients_as_at": as_at,
            }
        )
    named: dict[tuple[str, str], list[tuple[date | None, str | None]]] = defaultdict(list)
    for r in tables["practice_map"]:
        for kind in ("pcn", "sub_icb", "icb", "region"):
            named[kind, r[f"{kind}_code"]].append((r["as_at"], r[f"{kind}_name"]))
    for day in everything:
        named["england", "ENG"].append((day, "England"))
    for r in tables["places"]:
        named["place", r["place_code"]].append((r["from_date"], r["place_name"]))
    for r in tables["groups"]:
        named["group", r["code"]].append((None, r["name"]))
    latest_map = max((r["as_at"] for r in tables["practice_map"]), default=None)
    for (kind, code), said_so in named.items():
        if code in (None, "U"):
            continue
        days = [day for day, _ in said_so if day is not None]
        names = sorted(
            ((day or date.min, name) for day, name in said_so if name is not None),
            key=lambda pair: (-pair[0].toordinal(), pair[1]),
        )
        inside = {r["practice_code"] for r in sums if (r["kind"], r["code"]) == (kind, code)}
        active = {
            "england": True,
            "group": True,
            "place": bool(inside),
        }.get(kind, bool(days) and max(days) == latest_map)
        patients, as_at = _latest_list([r for r in all_lists if r["practice_code"] in inside])
        rows.append(
            {
                "code": code,
                "kind": kind,
                "name": names[0][1] if names else code,
                "first_seen": min(days, default=None),
                "last_seen": max(days, default=None),
                "open_date": None,
                "close_date": None,
                "status": "active" if active else "closed",
                "patients": patients,
                "patients_as_at": as_at,
            }
        )
    return sorted(rows, key=lambda r: (r["kind"], r["code"]))


def lifetimes(tables: Tables) -> list[Row]:
    extracts = sorted({r["as_at"] for r in tables["practice_map"]})
    ods = {r["practice_code"]: r for r in sorted(tables["ods_practices"], key=lambda r: r["as_at"])}
    rows = []
    for code in sorted(practices(tables)):
        shown = [r["as_at"] for r in tables["practice_map"] if r["practice_code"] == code]
        opened = ods[code]["open_date"] if code in ods else None
        closed = ods[code]["close_date"] if code in ods else None
        until = None
        if not shown:
            until = closed or (extracts[0] - DAY if extracts else None)
        else:
            earlier = [e for e in extracts if e < min(shown)]
            later = [e for e in extracts if e > max(shown)]
            if opened is None and earlier:
                opened = earlier[-1] + DAY
            if later:
                until = closed or later[0] - DAY
        rows.append({"practice_code": code, "open_from": opened, "open_until": until})
    return rows


def age_sex_totals(tables: Tables) -> list[Row]:
    summed: Counter[tuple[Any, ...]] = Counter()
    for member in members(tables):
        for r in tables["age_sex"]:
            if r["practice_code"] == member["practice_code"]:
                key = (member["kind"], member["code"], r["as_at"], r["sex"], r["age_from"])
                summed[key] += r["patients"]
    return [
        {
            "code": code,
            "kind": kind,
            "as_at": as_at,
            "sex": sex,
            "age_from": age,
            "patients": summed[kind, code, as_at, sex, age],
        }
        for kind, code, as_at, sex, age in sorted(summed)
    ]


TWINS = {
    twin.__name__: twin
    for twin in (lists, hierarchy, members, organisations, lifetimes, age_sex_totals)
}
