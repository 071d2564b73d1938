"""Numbers as people of a language write them: 1,234.5 in English, 1.234,5 in Vietnamese.

Coordinates are not among them. They are written with a point everywhere, as they are typed and pasted.
"""

from __future__ import annotations

_SWAPPED = str.maketrans(",.", ".,")


def figure(value: float, lang: str, spec: str = ",") -> str:
    """A number in Python's format ``spec`` with the signs of a language.

    >>> figure(1234.5, "en", ",.1f"), figure(1234.5, "vi", ",.1f")
    ('1,234.5', '1.234,5')
    """
    text = format(value, spec)
    return text.translate(_SWAPPED) if lang == "vi" else text


def length(metres: float, lang: str) -> str:
    """A length with its unit: two digits below ten metres, whole metres, kilometres from one on.

    >>> length(2.784, "en"), length(276.3, "en"), length(5_566, "vi")
    ('2.8 m', '276 m', '5,6 km')
    """
    number, unit = (metres / 1000, "km") if metres >= 1000 else (metres, "m")
    return f"{figure(number, lang, '.2g' if number < 10 else ',.0f')} {unit}"


def megabytes(size: int, lang: str) -> str:
    """A file's size.

    >>> megabytes(7_300_000, "vi")
    '7,3 MB'
    """
    return f"{figure(size / 1_000_000, lang, ',.1f')} MB"
