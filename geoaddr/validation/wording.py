"""Every sentence that a validation says, in both languages. ``{braces}`` take names of units, codes, values.

None has a semicolon: it parts the sentences where several stand in one column.
"""

from __future__ import annotations

from functools import lru_cache

from geoaddr.errors import Said
from geoaddr.validation.records import Action, Why

ACTIONS: dict[Action, Said] = {
    "accept": Said("Take the address as the answer shows it.", "Nhận địa chỉ như ghi trong kết quả."),
    "confirm_commune": Said(
        "Show the commune and ask whether it is right.", "Hiển thị xã, phường và hỏi lại có đúng không."
    ),
    "confirm_province": Said(
        "Show the province that was filled in and ask whether it is right.",
        "Hiển thị tỉnh, thành phố đã điền thêm và hỏi lại có đúng không.",
    ),
    "confirm_street": Said(
        "Ask whether the street is right: it is known elsewhere, not in this commune.",
        "Hỏi lại tên đường: đường này có ở nơi khác, không thấy ở xã, phường này.",
    ),
    "confirm_postcode": Said(
        "Show the present postcode in place of the one written.",
        "Hiển thị mã bưu chính hiện hành thay cho mã đã ghi.",
    ),
    "confirm_code": Said(
        "Show the address of the code and ask whether it is right.",
        "Hiển thị địa chỉ của mã và hỏi lại có đúng không.",
    ),
    "confirm_place": Said(
        "Ask whether the place can be found so, or for a house number.",
        "Hỏi lại ghi như vậy đã đủ để tìm đến chưa, hoặc yêu cầu ghi số nhà.",
    ),
    "confirm_point": Said(
        "Show the point on a map and ask whether it is right.",
        "Hiển thị vị trí trên bản đồ và hỏi lại có đúng không.",
    ),
    "confirm_leftover": Said(
        "Ask what the words that were not understood mean, or leave them out.",
        "Hỏi lại phần chưa hiểu, hoặc bỏ phần đó đi.",
    ),
    "add_house_number": Said(
        "Ask for the house number, the building or a code.", "Yêu cầu ghi số nhà, tòa nhà hoặc mã địa chỉ."
    ),
    "add_commune": Said("Ask for the commune (xã, phường, đặc khu).", "Yêu cầu ghi xã, phường hoặc đặc khu."),
    "add_province": Said("Ask for the province or city.", "Yêu cầu ghi tỉnh, thành phố."),
    "choose_candidate": Said("Let the buyer choose one of the communes.", "Để người mua chọn một xã, phường."),
    "ask_point": Said("Ask for the place on a map.", "Yêu cầu chỉ vị trí trên bản đồ."),
    "correct_units": Said(
        "Ask to correct the commune, district or province: they do not go together.",
        "Yêu cầu sửa xã, huyện hoặc tỉnh: các cấp không khớp nhau.",
    ),
    "correct_postcode": Said("Ask to correct the postcode.", "Yêu cầu sửa mã bưu chính."),
    "correct_code": Said("Ask to correct the code.", "Yêu cầu sửa mã."),
    "correct_point": Said("Ask to correct the point or the commune.", "Yêu cầu sửa vị trí hoặc xã, phường."),
    "enter_address": Said("Ask for an address.", "Yêu cầu nhập địa chỉ."),
    "enter_local_address": Said("Ask for an address in Viet Nam.", "Yêu cầu nhập địa chỉ tại Việt Nam."),
}

REASONS: dict[str, Said] = {
    # units
    "unit_exact": Said("{unit} is a unit of today", "{unit} là đơn vị hiện hành"),
    "unit_read": Said("“{given}” is {unit}", "“{given}” là {unit}"),
    "unit_whole": Said("all of the former {old} is now in {unit}", "toàn bộ {old} cũ nay thuộc {unit}"),
    "unit_by_law": Said(
        "all of the former {old} is now in {unit} ({law})", "toàn bộ {old} cũ nay thuộc {unit} ({law})"
    ),
    "unit_part": Said(
        "the former {old} was split, and this address is now in {unit}",
        "{old} cũ đã được chia tách, địa chỉ này nay thuộc {unit}",
    ),
    "unit_spelling": Said("“{given}” was read as {unit}", "“{given}” được hiểu là {unit}"),
    "unit_split": Said(
        "the former {old} was split: today it may be {units}", "{old} cũ đã được chia tách, nay có thể là {units}"
    ),
    "unit_several": Said("it may be {units}", "có thể là {units}"),
    "unit_doubtful": Said(
        "probably {unit}, but other readings are possible", "có lẽ là {unit}, nhưng còn cách hiểu khác"
    ),
    "unit_unknown": Said("no such unit is known", "không tìm thấy đơn vị này"),
    "unit_elsewhere": Said("“{given}” does not go with {unit}", "“{given}” không khớp với {unit}"),
    "unit_outside": Said("“{given}” does not lie in {unit}", "“{given}” không thuộc {unit}"),
    "unit_unfit": Said("“{given}” does not go with the rest", "“{given}” không khớp với phần còn lại"),
    "unit_again": Said(
        "says {unit} once more, and can be left out",
        "nhắc lại {unit}, có thể bỏ",
    ),
    "commune_missing": Said("no commune is written", "chưa ghi xã, phường"),
    "commune_by_code": Said("the code lies in {unit}", "mã thuộc {unit}"),
    "commune_roughly": Said(
        "it seems to lie in {unit} (the boundaries at hand are approximate)",
        "có vẻ nằm trong {unit} (ranh giới đang dùng là gần đúng)",
    ),
    "commune_by_point": Said("the point lies in {unit}", "vị trí nằm trong {unit}"),
    "commune_by_names": Said("this street is known in {unit}", "đường này có ở {unit}"),
    "commune_by_postcode": Said("the postcode is that of {unit}", "mã bưu chính là của {unit}"),
    "province_missing": Said("no province is written", "chưa ghi tỉnh, thành phố"),
    "province_inferred": Said("{commune} lies in {unit}", "{commune} thuộc {unit}"),
    "province_merged": Said("{old} is now part of {unit}", "{old} nay thuộc {unit}"),
    "district_ended": Said(
        "districts ended on 1 July 2025: leave {old} out", "từ ngày 1/7/2025 không còn cấp huyện, bỏ {old}"
    ),
    # below the commune
    "plausible": Said(
        "understood, but not checked against a record",
        "đã hiểu, nhưng chưa đối chiếu với bản ghi nào",
    ),
    "doubtful": Said(
        "“{given}” was read so by its place alone, and does not look like part of an address",
        "“{given}” chỉ được hiểu theo vị trí, không giống một phần của địa chỉ",
    ),
    "street_known": Said("addresses on this street are known in {unit}", "đã có địa chỉ trên đường này ở {unit}"),
    "street_elsewhere": Said(
        "this street is known in {units}, not in {unit}", "đường này có ở {units}, không thấy ở {unit}"
    ),
    "household": Said("the registry has this house", "sổ đăng ký có nhà này"),
    "household_proposed": Said(
        "the registry has this house, and nobody confirmed it yet", "sổ đăng ký có nhà này, chưa ai xác nhận"
    ),
    "household_code": Said(
        "the code of the house with this address in the registry", "mã của nhà có địa chỉ này trong sổ đăng ký"
    ),
    "of_record": Said("stands so in the record of the code", "đúng như bản ghi của mã"),
    "from_record": Said("taken from the record of the code", "lấy từ bản ghi của mã"),
    "not_of_record": Said("the record of the code says otherwise", "bản ghi của mã ghi khác ở phần này"),
    "door_missing": Said(
        "no house number, building, place or code is written", "chưa ghi số nhà, tòa nhà, địa điểm hay mã"
    ),
    "door_vague": Said("named, but without a number", "có tên nhưng không có số"),
    "door_unsure": Said(
        "there is a number, but nothing says that it is the house's", "có số, nhưng không rõ có phải số nhà"
    ),
    "door_in_ward": Said(
        "in a ward a residential group is not enough to find a door",
        "ở phường, chỉ tổ dân phố hay khu phố chưa đủ để tìm nhà",
    ),
    "rest_unknown": Said("these words were not understood", "phần này chưa hiểu được"),
    # postcodes
    "postcode_right": Said("the postcode of {unit}", "mã bưu chính của {unit}"),
    "postcode_inferred": Said("{unit} has this postcode", "{unit} có mã bưu chính này"),
    "postcode_former": Said(
        "not the present postcode of {unit}, which is {postcode}",
        "không phải mã bưu chính hiện hành của {unit}, mã đúng là {postcode}",
    ),
    "postcode_elsewhere": Said(
        "{given} is the postcode of {other}, while that of {unit} is {postcode}",
        "{given} là mã bưu chính của {other}, còn mã của {unit} là {postcode}",
    ),
    "postcode_other_province": Said(
        "{given} is a postcode of another province, while that of {unit} is {postcode}",
        "{given} là mã bưu chính của tỉnh khác, còn mã của {unit} là {postcode}",
    ),
    "postcode_six_digits": Said(
        "six digits, as until 2018: not checked, since those are not kept here, and {unit} has {postcode} today",
        "sáu chữ số, như trước năm 2018: không kiểm tra được vì không lưu mã cũ, nay {unit} có mã {postcode}",
    ),
    "postcode_malformed": Said("not a postcode: five digits", "không phải mã bưu chính: cần năm chữ số"),
    "postcode_unchecked": Said(
        "cannot be checked until the commune is known", "chưa thể kiểm tra khi chưa rõ xã, phường"
    ),
    # codes
    "code_right": Said("the code lies in {unit}", "mã thuộc {unit}"),
    "code_proposed": Said(
        "the address of this code is not confirmed yet", "địa chỉ của mã này chưa được xác nhận"
    ),
    "code_elsewhere": Said(
        "the code lies in {other}, the address in {unit}", "mã thuộc {other}, địa chỉ ở {unit}"
    ),
    "code_elsewhere_roughly": Said(
        "the code seems to lie in {other}, the address in {unit} (the boundaries at hand are approximate)",
        "mã có vẻ thuộc {other}, địa chỉ ở {unit} (ranh giới đang dùng là gần đúng)",
    ),
    "code_unissued": Said(
        "well-formed, but not in this registry", "đúng dạng, nhưng không có trong sổ đăng ký này"
    ),
    "code_nowhere": Said("the code names no place in Viet Nam", "mã không ứng với nơi nào ở Việt Nam"),
    "code_refused": Said("no code: {reason}", "không phải mã: {reason}"),
    "code_retired": Said("the address of this code was retired", "địa chỉ của mã này đã ngừng sử dụng"),
    "code_superseded": Said("replaced by {codes}", "đã được thay bằng {codes}"),
    "code_wide": Said(
        "the code names an area, not one commune", "mã ứng với một khu vực, không riêng một xã, phường"
    ),
    # points
    "point_inside": Said("the point lies in {unit}", "vị trí nằm trong {unit}"),
    "point_near": Said("the point lies at the border of {unit}", "vị trí nằm sát ranh giới {unit}"),
    "point_elsewhere": Said(
        "the point lies in {other}, not in {unit}", "vị trí nằm trong {other}, không ở {unit}"
    ),
    "point_elsewhere_roughly": Said(
        "the point seems to lie in {other}, not in {unit} (the boundaries at hand are approximate)",
        "vị trí có vẻ nằm trong {other}, không ở {unit} (ranh giới đang dùng là gần đúng)",
    ),
    "point_outside": Said("the point lies outside Viet Nam", "vị trí nằm ngoài Việt Nam"),
    "point_outside_roughly": Said(
        "the point seems to lie outside Viet Nam (the boundaries at hand are approximate)",
        "vị trí có vẻ nằm ngoài Việt Nam (ranh giới đang dùng là gần đúng)",
    ),
    "point_unchecked": Said(
        "cannot be checked until the commune is known", "chưa thể kiểm tra khi chưa rõ xã, phường"
    ),
    # both
    "foreign": Said("this is an address of another country", "đây là địa chỉ ở nước khác"),
    "two_addresses": Said(
        "the line has two addresses that cannot be one place: {one} and {other}",
        "dòng địa chỉ ghi hai địa chỉ không thể là một nơi: {one} và {other}",
    ),
    "sides": Said("the text says {one}, the fields say {other}", "dòng địa chỉ ghi {one}, các ô ghi {other}"),
}

OR = Said(" or ", " hoặc ")


def why(reason: str, /, **values: str | Said | None) -> Why:
    """A reason as ``{"vi": ..., "en": ...}``."""
    said = _filled(reason, **values)
    return {"vi": said.vi, "en": said.en}


@lru_cache(maxsize=8192)
def _filled(reason: str, /, **values: str | Said | None) -> Said:
    """A reason with its gaps filled; the same ones come again and again."""
    said = REASONS[reason]
    if not values:
        return said
    en = {name: value.en if isinstance(value, Said) else value or "" for name, value in values.items()}
    vi = {name: value.vi if isinstance(value, Said) else value or "" for name, value in values.items()}
    return Said(said.en.format(**en), said.vi.format(**vi))


def action_text(action: Action) -> Why:
    """What to do next, as a sentence."""
    said = ACTIONS[action]
    return {"vi": said.vi, "en": said.en}


def listed(names: list[str], most: int = 3) -> Said:
    """Names as a list with "or" before the last; the first of them where they are many."""
    shown, more = names[:most], len(names) > most
    if more:
        return Said(", ".join(shown) + ", …", ", ".join(shown) + ", …")
    last = shown[-1] if shown else ""
    before = ", ".join(shown[:-1])
    return Said(f"{before}{OR.en}{last}", f"{before}{OR.vi}{last}") if before else Said(last, last)
