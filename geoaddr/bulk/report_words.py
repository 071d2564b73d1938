"""What the page of a report says, in both languages."""

from __future__ import annotations

from geoaddr.errors import Said

WORDS: dict[str, Said] = {
    "title": Said("Address report", "Báo cáo địa chỉ"),
    "summary": Said("Summary", "Tóm tắt"),
    "rows": Said("Rows", "Số dòng"),
    "share": Said("Share", "Tỷ lệ"),
    "answered": Said("of rows have an answer", "số dòng có kết quả"),
    "sure": Said("can be used as they are", "dùng được ngay"),
    "wrong": Said("cannot be read", "không đọc được"),
    "by_status": Said("What became of the rows", "Kết quả từng dòng"),
    "by_status_desc": Said("Rows by status", "Số dòng theo trạng thái"),
    "by_level": Said("How far down the answers go", "Kết quả đến cấp nào"),
    "by_level_desc": Said("Rows by the smallest unit answered", "Số dòng theo cấp nhỏ nhất tìm được"),
    "confidence": Said("How certain the communes are", "Mức chắc chắn của xã, phường"),
    "confidence_desc": Said(
        "Rows by confidence: the probability that the commune is right",
        "Số dòng theo độ tin cậy: xác suất đúng xã, phường",
    ),
    "uncertainty_m": Said("How far off the points may be", "Điểm có thể lệch bao xa"),
    "uncertainty_m_desc": Said("Rows by uncertainty, in metres", "Số dòng theo độ bất định, tính bằng mét"),
    "without": Said("without a value", "không có giá trị"),
    "map": Said("Where the rows lie", "Các dòng nằm ở đâu"),
    "map_points_desc": Said(
        "Map of Viet Nam: a circle for each cell of about 11 km with points, larger for more, coloured by status",
        "Bản đồ Việt Nam: mỗi vòng tròn là một ô khoảng 11 km có điểm, to hơn khi nhiều hơn, màu theo trạng thái",
    ),
    "map_units_desc": Said(
        "Map of Viet Nam: provinces, darker where more rows lie",
        "Bản đồ Việt Nam: tỉnh, thành phố đậm màu hơn khi có nhiều dòng hơn",
    ),
    "map_note": Said(
        "Outlines are simplified from the data that answered; they show where, not where a border runs.",
        "Đường viền được giản lược từ dữ liệu đã dùng; chỉ để thấy vị trí, không phải để xem ranh giới.",
    ),
    "map_approximate": Said(
        "The boundaries of the data that answered are approximate.",
        "Ranh giới trong dữ liệu đã dùng chỉ gần đúng.",
    ),
    "elsewhere": Said("outside the map", "ngoài bản đồ"),
    "province": Said("Province", "Tỉnh, thành phố"),
    "errors": Said("What could not be read", "Những gì không đọc được"),
    "error": Said("Error", "Lỗi"),
    "first_errors": Said("The first rows with errors", "Các dòng lỗi đầu tiên"),
    "weakest": Said("The least certain rows", "Các dòng kém chắc chắn nhất"),
    "row": Said("Row", "Dòng"),
    "asked": Said("What was read", "Dữ liệu vào"),
    "commune": Said("Commune", "Xã, phường"),
    "certainty": Said("Confidence", "Độ tin cậy"),
    "status": Said("Status", "Trạng thái"),
    "level": Said("Level", "Cấp"),
    "value": Said("Value", "Giá trị"),
    "personal": Said(
        "These lists repeat addresses of the file. A report without them: --report-rows 0.",
        "Các danh sách này lặp lại địa chỉ trong tệp. Báo cáo không có chúng: --report-rows 0.",
    ),
    "provenance": Said("How it was made", "Được làm ra thế nào"),
    "verb": Said("Verb", "Lệnh"),
    "out": Said("Written to", "Đã ghi vào"),
    "data": Said("Data", "Dữ liệu"),
    "software": Said("Software", "Phần mềm"),
    "points": Said("Points", "Các điểm"),
    "time": Said("Time", "Thời gian"),
    "seconds": Said("s", "giây"),
    "rate": Said("rows a second", "dòng mỗi giây"),
    "table": Said("The numbers as a table", "Số liệu dạng bảng"),
    "finished": Said(
        "The output stood already and was not made again, so its rows were not counted; --overwrite does both.",
        "Kết quả đã có và không làm lại, nên các dòng không được đếm; --overwrite làm lại và đếm.",
    ),
}

STATUSES: dict[str, Said] = {
    "ok": Said("certain", "chắc chắn"),
    "partial": Said("partial or approximate", "một phần hoặc gần đúng"),
    "ambiguous": Said("several are possible", "có nhiều khả năng"),
    "not_found": Said("not found", "không tìm thấy"),
    "error": Said("cannot be read", "không đọc được"),
}
"""In the order in which charts show them, best first."""

LEVELS: dict[str, Said] = {
    "commune": Said("commune", "xã, phường"),
    "district": Said("district", "quận, huyện"),
    "province": Said("province", "tỉnh, thành phố"),
    "none": Said("no unit", "không có đơn vị"),
}
