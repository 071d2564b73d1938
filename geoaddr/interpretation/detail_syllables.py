"""Whether a word can be Vietnamese: names of streets and hamlets are, brands and towers mostly are not."""

from __future__ import annotations

import re
from functools import lru_cache

_ONSETS = "ngh ng nh gh gi kh ph th tr ch qu b c d g h k l m n p r s t v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet
ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc
oong op ot u ua uac uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
uy uya uych uyen uyet uynh uyt uyu y yem yen yet yeu
"""
ONSETS, RIMES = tuple(_ONSETS.split()), tuple(_RIMES.split())
_SYLLABLE = re.compile(f"(?:{'|'.join(ONSETS)})?(?:{'|'.join(sorted(RIMES, key=len, reverse=True))})")
_LONGEST = 7


@lru_cache(maxsize=8192)
def is_syllable(folded: str) -> bool:
    """Whether a word without accents is built like a Vietnamese syllable.

    >>> [is_syllable(word) for word in ("nguyen", "thuong", "tower", "ecolakes")]
    [True, True, False, False]
    """
    return len(folded) <= _LONGEST and _SYLLABLE.fullmatch(folded) is not None
