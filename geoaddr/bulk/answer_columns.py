"""The names of the columns that each verb answers with, apart from the verbs: who needs one loads no other."""

from __future__ import annotations

UNIT_NAMES = ("province_code", "province", "district_code", "district", "commune_code", "commune")
"""Codes and short names of the three levels."""

DETAIL_NAMES = (
    "house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "plus_code", "postcode",
)  # fmt: skip
"""The parts of an address below the commune."""

LOCATE_COLUMNS = (
    "status", *UNIT_NAMES, "confidence", "vpostcode", "plus_code", "postcode", "candidates", "boundary_accuracy",
    "basis_by_level", "disagreements", "error",
)  # fmt: skip

BORDER_COLUMNS = ("edge_distance_m", "neighbour_code", "neighbour")
"""What follows where the nearest border is asked for: metres to it, and the commune beyond."""

RESOLVE_COLUMNS = (
    "status", "province_code", "province", "district_code", "district", "commune_code", "commune",
    "confidence", "system", "ndas", "code_status", "lat", "lon", "postcode", "superseded_by", "candidates",
    "suggestions", "error",
)  # fmt: skip

ASSIGN_COLUMNS = (
    "status", "province_code", "province", "district_code", "district", "commune_code", "commune",
    "confidence", "ndas", "vpostcode", "outcome", "code_status", "boundary_accuracy", "warnings", "error",
)  # fmt: skip

PARSE_COLUMNS = (
    "status", *UNIT_NAMES, "confidence", "inferred", *DETAIL_NAMES, "rest", "era", "candidates", "error",
)  # fmt: skip

GEOCODE_COLUMNS = (
    "status", *UNIT_NAMES, "confidence", "lat", "lon", "ndas", "match_level", "coordinate_level", "uncertainty_m",
    "score", "label", "postcode", "candidates", "error",
)  # fmt: skip

CONVERT_COLUMNS = (
    "status", *UNIT_NAMES, "confidence", "inferred", "new_address", "candidates", "postcode", "basis",
    "legal_basis", "error",
)  # fmt: skip

VALIDATE_COLUMNS = (
    "status", *UNIT_NAMES, "confidence", "inferred", "verdict", "next_action", "reasons", "normalised_new",
    "normalised_old", "postcode", "candidates", "error",
)  # fmt: skip

REVERSE_COLUMNS = (
    "status", *UNIT_NAMES, "lat", "lon", "ndas", "match_level", "coordinate_level", "uncertainty_m", "distance_m",
    "score", "label", "postcode", "error",
)  # fmt: skip

UNIT_COLUMNS = (
    "status", "level", "code", "name", "full_name", "type", "parent", "valid_from", "valid_to", "error",
)  # fmt: skip

ANSWER_COLUMNS = {
    "locate": LOCATE_COLUMNS,
    "resolve": RESOLVE_COLUMNS,
    "assign": ASSIGN_COLUMNS,
    "parse": PARSE_COLUMNS,
    "geocode": GEOCODE_COLUMNS,
    "convert": CONVERT_COLUMNS,
    "validate": VALIDATE_COLUMNS,
}
"""What each verb answers of a file's row."""

ROW_COLUMNS = {**ANSWER_COLUMNS, "reverse": REVERSE_COLUMNS, "unit": UNIT_COLUMNS}
"""The same, and what two verbs answer that files do not have."""

FLOATS = frozenset({"confidence", "lat", "lon", "uncertainty_m", "distance_m", "score"})
"""The columns among these that are numbers; all others are texts."""
