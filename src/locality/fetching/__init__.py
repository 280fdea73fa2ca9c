"""Published files, fetched from where they are published: the one room that asks the network.

It stands outside the loop and beside ``sources``: it brings files to a folder, as a person with
a browser would, and knows nothing of what is in them, of the lake or of the figures. Nothing
imports it but the workbench's module of the same name, when asked to fetch; every other room
works with the network cut. So whatever a security officer wants to know about what leaves this
computer is answered in these modules:

* :mod:`~locality.fetching.plan`: what to get, from the addresses in ``knowledge/publications``.
* :mod:`~locality.fetching.landing`: words for what a person must take from a page.
* :mod:`~locality.fetching.asking`: one polite request over a proven connection.
* :mod:`~locality.fetching.download`: one file, taken up where it broke off, checked, put in place.
* :mod:`~locality.fetching.manifest`: ``fetched.json``, what the folder holds and its sha256.
* :mod:`~locality.fetching.collecting`: all that was asked for, one outcome each.

What leaves is the address asked for, the name Locality with its version and Python's, and the
contact that the user has set (``LOCALITY_CONTACT``); nothing about the user's data.
"""

from locality.fetching.asking import Manners, Visitor
from locality.fetching.collecting import FETCHED, Ingest, failures, fetch, offered
from locality.fetching.faults import FetchError

__all__ = [
    "FETCHED",
    "FetchError",
    "Ingest",
    "Manners",
    "Visitor",
    "failures",
    "fetch",
    "offered",
]
