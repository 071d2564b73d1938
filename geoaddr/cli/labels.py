"""Every word that tables show to people, in both languages."""

from __future__ import annotations

from geoaddr.errors import Said

LABELS: dict[str, Said] = {
    # places
    "point": Said("Point", "Tọa độ"),
    "cell": Said("Cell", "Ô"),
    "as_of": Said("Date", "Ngày"),
    "province": Said("Province", "Tỉnh, thành phố"),
    "district": Said("District", "Quận, huyện"),
    "commune": Said("Commune", "Xã, phường"),
    "candidates": Said("May be in", "Có thể thuộc"),
    "also_in": Said("Also in", "Đồng thời thuộc"),
    "border": Said("Nearest border", "Ranh giới gần nhất"),
    "postcode": Said("Postcode", "Mã bưu chính"),
    "vpostcode": Said("Vpostcode", "Vpostcode"),
    "plus_code": Said("Plus Code", "Plus Code"),
    "parcel_geohash": Said("Parcel geohash", "Geohash thửa đất"),
    "boundary_accuracy": Said("Boundaries", "Ranh giới"),
    "basis": Said("Found by", "Cách tìm"),
    "disagreements": Said("Does not agree", "Không khớp"),
    "pack": Said("Pack", "Gói dữ liệu"),
    # codes and records
    "system": Said("System", "Loại mã"),
    "status": Said("Status", "Trạng thái"),
    "ndas": Said("NDAS code", "Mã địa chỉ số"),
    "address": Said("Address", "Địa chỉ"),
    "aliases": Said("Other codes", "Mã khác"),
    "superseded_by": Said("Replaced by", "Thay bằng"),
    "history": Said("History", "Lịch sử"),
    "suggestions": Said("It may have been", "Có thể là"),
    "none_issued": Said(
        "It may have been one of these; none of them is issued",
        "Có thể là một trong các mã sau; chưa mã nào được cấp",
    ),
    "nowhere": Said("names no place in the country", "không chỉ nơi nào trong lãnh thổ Việt Nam"),
    "note": Said("Note", "Lưu ý"),
    "outcome": Said("Outcome", "Kết quả"),
    "uncertainty": Said("Good to", "Sai số"),
    "version": Said("Version", "Phiên bản"),
    "issued_on": Said("Issued on", "Ngày cấp"),
    "number": Said("No.", "Số"),
    "at": Said("Time (UTC)", "Thời điểm (UTC)"),
    "kind": Said("Event", "Sự kiện"),
    "actor": Said("Actor", "Người thực hiện"),
    "reason": Said("Reason", "Lý do"),
    # units
    "level": Said("Level", "Cấp"),
    "code": Said("Code", "Mã"),
    "name": Said("Name", "Tên"),
    "full_name": Said("Full name", "Tên đầy đủ"),
    "type": Said("Type", "Loại"),
    "parent": Said("Part of", "Thuộc"),
    "valid_from": Said("Valid from", "Từ ngày"),
    "valid_to": Said("Valid until", "Đến trước ngày"),
    "legal_basis": Said("Legal basis", "Căn cứ pháp lý"),
    "successors": Said("Continued by", "Đơn vị kế tục"),
    # packs, registries, the installation
    "file": Said("File", "Tệp"),
    "written": Said("Pack written", "Đã ghi gói"),
    "next": Said("Next", "Bước tiếp theo"),
    "size": Said("Size", "Dung lượng"),
    "date": Said("Date", "Ngày"),
    "store": Said("Registry", "Sổ đăng ký"),
    "records": Said("Records", "Số bản ghi"),
    "sections": Said("Sections", "Số phần"),
    "units": Said("Units", "Đơn vị hành chính"),
    "boundaries": Said("Polygons", "Đa giác"),
    "method": Said("Method", "Phương pháp"),
    "layers": Said("Layers", "Các lớp"),
    "partial": Said("Partial", "Chỉ một phần"),
    "communes": Said("Communes", "Số xã, phường"),
    "missing": Said("Missing", "Thiếu"),
    "tolerance": Said("Tolerance", "Dung sai"),
    "vertices": Said("Vertices", "Số đỉnh"),
    "largest_change": Said("Largest change", "Thay đổi lớn nhất"),
    "sources": Said("Sources", "Nguồn"),
    "import": Said("Import", "Lần nạp"),
    "base": Said("Made from", "Dựng từ"),
    "packages": Said("Packages", "Gói phần mềm"),
    "extras": Said("Extras", "Phần cài thêm"),
    "python": Said("Python", "Python"),
    "geoaddr": Said("geoaddr", "geoaddr"),
    "expected": Said("expected", "cần có"),
    "differences": Said("Links that differ", "Liên kết khác nhau"),
    "old": Said("Old", "Cũ"),
    "new": Said("New", "Mới"),
    "ours": Said("Here", "Ở đây"),
    "theirs": Said("There", "Ở bảng kia"),
    "commune_confidence": Said("Right commune", "Đúng xã, phường"),
    "accuracy": Said("Right commune, measured against", "Đúng xã, phường, đo theo"),
    "sample": Said("Sample", "Mẫu"),
    "points": Said("Points", "Số điểm"),
    "right": Said("Right", "Đúng"),
    "wrong": Said("Wrong", "Sai"),
    "none": Said("None", "Không có"),
    "off_median_m": Said("Off by, median", "Lệch, trung vị"),
    "off_p95_m": Said("Off by, 95 %", "Lệch, 95 %"),
    "problems": Said("Problems", "Vấn đề"),
    "row": Said("row", "dòng"),
    "rows": Said("Rows", "Số dòng"),
    "loaded": Said("Loaded", "Đã nạp"),
    "unchanged": Said("Unchanged", "Không đổi"),
    "refused": Said("Refused", "Bị từ chối"),
    "engine": Said("Engine", "Bộ lưu trữ"),
    "addresses": Said("Addresses", "Số địa chỉ"),
    "by_status": Said("By status", "Theo trạng thái"),
    "events": Said("Events", "Số sự kiện"),
    "schema": Said("Schema", "Lược đồ"),
    "areas": Said("Areas", "Số vùng mã"),
    "areas_exhausted": Said("Areas used up", "Vùng mã đã hết"),
    "fullest_areas": Said("Fullest areas", "Vùng mã đầy nhất"),
    "households": Said("Households", "Số hộ"),
    "provinces": Said("Provinces", "Số tỉnh, thành phố"),
    "seed": Said("Seed", "Số khởi tạo"),
    "weights": Said("Counted out by", "Phân bổ theo"),
    "raised": Said("Populations raised", "Dân số được nâng"),
    "full": Said("Full communes", "Xã, phường đã đầy"),
    "seconds": Said("Seconds", "Số giây"),
}

WORDS: dict[str, Said] = {
    # levels
    "province": Said("province", "tỉnh"),
    "district": Said("district", "huyện"),
    "commune": Said("commune", "xã"),
    # statuses
    "proposed": Said("proposed", "đề xuất"),
    "verified": Said("verified", "đã xác minh"),
    "live": Said("live", "đang dùng"),
    "retired": Said("retired", "ngừng sử dụng"),
    "superseded": Said("superseded", "đã được thay"),
    "not_issued": Said("well-formed, but never issued", "đúng dạng nhưng chưa từng được cấp"),
    "computed": Said("computed from the point", "tính từ tọa độ"),
    # systems
    "ndas": Said("NDAS code", "mã địa chỉ số"),
    "vpostcode": Said("Vpostcode", "Vpostcode"),
    "plus_code": Said("Plus Code", "Plus Code"),
    "location_id": Said("Location ID", "mã định danh địa điểm"),
    "parcel": Said("parcel geohash", "geohash thửa đất"),
    "data_ends": Said(
        "the data ends on {day}; what changed after that day is not known",
        "dữ liệu chỉ đến ngày {day}; chưa rõ những thay đổi sau ngày đó",
    ),
    "to_confirm": Said("until somebody confirms it", "chờ xác nhận"),
    # how a point was obtained
    "declared": Said("declared", "tự khai"),
    "survey": Said("survey", "đo đạc"),
    "imported": Said("imported", "nạp từ dữ liệu có sẵn"),
    # outcomes
    "created": Said("created", "cấp mới"),
    "existing": Said("existing: the household had this code", "đã có: hộ này đã được cấp mã"),
    # accuracies
    "exact": Said("exact", "chính xác"),
    "approximate": Said(
        "approximate: cells computed from points and areas, not surveyed borders",
        "gần đúng: ô tính từ điểm và diện tích, không phải ranh giới đo đạc",
    ),
    "none": Said("none in this pack", "không có trong gói này"),
    "confidence": Said(
        "about {share} of all places; the others lie in a neighbour's cell",
        "khoảng {share} số điểm; số còn lại rơi vào ô của xã, phường bên cạnh",
    ),
    # samples
    "land": Said("over the land", "theo diện tích"),
    "communes": Said("alike in every commune", "đều theo xã, phường"),
    "addresses": Said("real addresses", "địa chỉ thật"),
    "all": Said("all", "tất cả"),
    # bases
    "boundary": Said("boundary", "ranh giới"),
    "succession": Said("the table of changes", "bảng sáp nhập, chia tách"),
    "layer_of": Said("polygons valid from {day}", "ranh giới có giá trị từ {day}"),
    # grades
    "whole": Said("whole", "toàn bộ"),
    "part": Said("part", "một phần"),
    "unknown": Said("share unknown", "chưa rõ phần"),
    "absent": Said("absent", "không có"),
    # verdicts
    "ok": Said("ok", "đạt"),
    "wrong": Said("WRONG", "SAI"),
    "yes": Said("yes", "có"),
    "no": Said("no", "không"),
    "outside_share": Said("outside all of them", "ngoài tất cả"),
    "open_border": Said("no commune beyond it", "bên kia không có xã, phường"),
    "outside": Said(
        "none: the point is at sea, abroad or beyond the loaded boundaries",
        "không có: điểm ở ngoài biển, ở nước ngoài hay ngoài ranh giới đã nạp",
    ),
    # events
    "issued": Said("issued", "cấp mã"),
    "loaded": Said("loaded", "nạp"),
    "confirmed": Said("confirmed", "xác nhận"),
    "alias_added": Said("another code added", "thêm mã khác"),
    "sound": Said("sound", "toàn vẹn"),
    "not_sound": Said("not sound", "có vấn đề"),
    "none_found": Said("none", "không có"),
    "made": Said("made", "đã tạo"),
    "not_made": Said("not made yet: the first address makes it", "chưa tạo: sẽ được tạo cùng địa chỉ đầu tiên"),
    "existed": Said("was there already", "đã có sẵn"),
    "brought_forward": Said("an older schema was brought forward", "đã nâng cấp lược đồ cũ"),
    "to_use": Said("every command then uses it", "để mọi lệnh dùng gói này"),
    "missing": Said("not installed", "chưa cài"),
}

INVARIANTS: dict[str, str] = {
    "units": "số đơn vị cấp",
    "types": "các loại ở cấp",
    "polygons": "số ranh giới cấp",
    "none against it": "không có trường hợp vi phạm",
    "every unit has exactly one parent": "mỗi đơn vị có đúng một đơn vị cấp trên",
    "no code stands for two units on one day": "không mã nào chỉ hai đơn vị trong cùng một ngày",
    "no two units of one parent have one full name": "hai đơn vị cùng cấp trên không trùng tên",
    "every old commune has a successor": "mỗi xã cũ đều có đơn vị kế tục",
    "every new commune has a predecessor": "mỗi xã mới đều có đơn vị tiền thân",
    "whole means one successor, part several": "“toàn bộ” là một đơn vị kế tục, “một phần” là nhiều",
    "every commune has its own postcode": "mỗi xã có mã bưu chính riêng",
    "Hoàng Sa and Trường Sa are there": "có Hoàng Sa và Trường Sa",
    "names are NFC with single blanks": "tên ở dạng NFC, không thừa dấu cách",
    "every polygon is a unit of its layer's days": "mỗi ranh giới là của một đơn vị trong thời gian của lớp",
    "every layer has a code for each polygon, in order": "mỗi lớp có đủ mã cho từng ranh giới, theo thứ tự",
    "codes have their level's width": "mã có đúng số chữ số của cấp",
    "every stretch since the reform cites its resolution": "mỗi giai đoạn từ ngày sắp xếp đều dẫn nghị quyết",
}
"""The Vietnamese for the names and findings of :mod:`geoaddr.importing.checks`, which are English."""


def label(key: str, lang: str) -> str:
    """A table's word for a field; a key that is no field is shown as it is."""
    said = LABELS.get(key)
    return said.in_language(lang) if said else key


def word(key: str, lang: str) -> str:
    """A person's word for a value such as a status; one that is not listed is shown as it is."""
    said = WORDS.get(key)
    return said.in_language(lang) if said else key
