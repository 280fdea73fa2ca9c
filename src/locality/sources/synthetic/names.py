"""Names of places, networks and practices: plants, birds and landscape, and no real place."""

from __future__ import annotations

import numpy as np

# fmt: off
_FIRST = (
    "Teasel", "Linnet", "Plover", "Harebell", "Cowslip", "Campion", "Celandine", "Periwinkle",
    "Thimble", "Lantern", "Dapple", "Russet", "Quillet", "Bilberry", "Marigold", "Fennel",
    "Tansy", "Yarrow", "Dunnock", "Siskin", "Pipit", "Damson", "Medlar", "Quince", "Bullace",
    "Samphire", "Burdock", "Betony", "Comfrey", "Borage", "Chicory", "Melilot", "Figwort",
    "Moonwort", "Lovage", "Bumble", "Redpoll", "Wagtail", "Lapwing", "Lacewing", "Saffron",
    "Juniper", "Hyssop", "Mallow", "Cicely", "Skylark", "Whimbrel", "Whinchat", "Sorrel",
    "Pebble", "Willet", "Sallow", "Mulberry", "Clary", "Woodruff", "Bellflower", "Hazelnut",
    "Acorn", "Catkin", "Bobbin", "Tiercel", "Tumble", "Feather",
)
_LAST = (
    "mere", "dale", "combe", "wick", "haven", "holt", "garth", "thwaite", "beck", "fold",
    "hollow", "stead", "ridge", "bourne", "marsh", "water", "croft", "shaw", "tarn", "moor",
    "firth", "glade", "brook", "ley",
)
# fmt: on
_FORMS = (
    "{} Surgery",
    "{} Medical Centre",
    "The {} Practice",
    "{} Health Centre",
    "{} Medical Practice",
    "{} Family Practice",
    "{} Group Practice",
    "{} Lane Surgery",
)

#: The boards that made the home board in April 2026, and the board next door.
OLDER_BOARDS = ("Larkmere", "Withy Dale")
HOME_BOARD = "Larkmere and Withy Dale"
NEIGHBOUR_BOARD = "Quillow Fen"
#: The home board's first places, in order.
PLACES = ("North Larkmere", "Larkmere Water", "Withy Dale")
REGIONS = (
    "Linnet Shires",
    "Samphire Coast",
    "Quillow Plains",
    "Hazelnut Hills",
    "Plover Levels",
    "Damson Valleys",
    "Whimbrel Isles",
)


class Gazetteer:
    """Invented place names in an order that the seed decides, each given out once."""

    def __init__(self, rng: np.random.Generator) -> None:
        # A letter is not said twice at the join: no "Fennelley".
        pairs = ((first, last) for first in _FIRST for last in _LAST if first[-1] != last[0])
        plain = np.array(["".join(pair) for pair in pairs])
        self._plain = [str(name) for name in rng.permutation(plain)]
        more = [f"{word} {name}" for word in ("Upper", "Nether") for name in self._plain]
        self._left = iter(self._plain + more)

    def places(self, count: int) -> list[str]:
        """Return ``count`` place names that were not given out before."""
        return [next(self._left) for _ in range(count)]

    def practices(self, count: int) -> list[str]:
        """Return ``count`` different names of practices, such as ``Teaselcombe Surgery``."""
        many, forms = len(self._plain), len(_FORMS)
        return [
            _FORMS[(number + number // many) % forms].format(self._plain[-1 - number % many])
            for number in range(count)
        ]
