"""The sentences of an explanation, in both languages."""

from __future__ import annotations

from geoaddr.errors import Said

PARTS: dict[str, Said] = {
    "spelling": Said("how the names are written", "cách viết tên"),
    "type": Said("type words that are short or of another type", "từ chỉ loại viết tắt hoặc khác loại"),
    "place": Said("where the names stand in the line", "vị trí của tên trong dòng"),
    "missing": Said("levels that are not named", "cấp không được nêu"),
    "unused": Said("words that name other units and are not used", "từ chỉ đơn vị khác mà không dùng đến"),
    "era": Said("units of two times together, or gone on the day", "đơn vị của hai thời kỳ, hoặc đã không còn"),
}
"""What each part of a score is about."""

HOW: dict[str, Said] = {
    "exact": Said("as the name is written", "đúng như tên"),
    "alias": Said("another name, or a short one", "tên khác hoặc tên viết gọn"),
    "no_accents": Said("without accents, or with others", "thiếu dấu hoặc khác dấu"),
    "fuzzy": Said("with a typo", "có lỗi gõ"),
    "inferred": Said("inferred", "suy ra"),
}

COSTS: dict[str, Said] = {
    "spelling": Said("its spelling", "cách viết"),
    "type": Said("its type word", "từ chỉ loại"),
    "left": Said("what stands before it", "phần đứng trước"),
    "right": Said("what stands after it", "phần đứng sau"),
    "within": Said("it is a piece of a longer name", "là một phần của tên dài hơn"),
}

OPENS = Said("begins a part of the line", "mở đầu một phần của dòng")
TYPE = Said("type word: {types}", "từ chỉ loại: {types}")
TYPE_AFTER = Said("type word after a name: {types}", "từ chỉ loại đứng sau tên: {types}")
STREET = Said("a street, building or hamlet is named next", "tiếp theo là tên đường, tòa nhà hoặc thôn")
STREET_AFTER = Said("what stands before is a street", "phần đứng trước là đường")
COUNTRY = Said("the country", "tên nước")
UNREAD = Said("not searched for units: the text is too long", "không tìm đơn vị ở đây: văn bản quá dài")

OPENED = Said("opened by “{words}”", "mở đầu bằng “{words}”")
RULES: dict[str, Said] = {
    "name": Said("a name without a type word; its place decides", "tên không có từ chỉ loại; xét theo vị trí"),
    "house_number": Said("a number by itself", "số đứng riêng"),
    "postcode": Said("five or six digits by themselves", "năm hoặc sáu chữ số đứng riêng"),
    "plus_code": Said("the form of a Plus Code", "dạng Plus Code"),
    "day": Said("a day that streets are named after", "ngày thường dùng đặt tên đường"),
    "note": Said("a remark, or a long number such as a telephone's", "ghi chú, hoặc số dài như số điện thoại"),
}
OTHER_RULE = Said("a word that opens such a part", "từ mở đầu phần này")
PROVINCE = Said("the name of a province beside the units", "tên tỉnh đứng ngoài các đơn vị")
SAME = Said("says again what another part says", "lặp lại phần khác")


def both(said: Said, **filled: str) -> dict[str, str]:
    """A sentence as plain data."""
    return {"en": said.en.format(**filled), "vi": said.vi.format(**filled)}
