"""The names of the columns that each verb answers with, apart from the verbs: who needs one loads no other."""

from __future__ import annotations

UNIT_NAMES = ("province_code", "province", "district_code", "district", "commune_code", "commune")
"""Codes and short names of the three levels."""

DETAIL_NAMES = (
    "house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "plus_code", "postcode",
)  # fmt: skip
"""The parts of an address below the commune."""

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
