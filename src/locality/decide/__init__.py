"""Decide: who must be at the table before anything is settled.

Pure: it takes who is there and what is asked, and returns typed tables.
"""

from locality.decide.quorum import (
    QUORUM,
    Present,
    Rule,
    is_quorate,
    quorum,
    rule_words,
    tag_words,
)

__all__ = ["QUORUM", "Present", "Rule", "is_quorate", "quorum", "rule_words", "tag_words"]
