"""Texts that are no Vietnamese address: what is refused, what says nothing, and what lies in another country."""

from __future__ import annotations

import random

LENGTH = 4096

REFUSED: dict[str, object] = {
    "a megabyte": "Phường Bến Nghé, " * 62_000,
    "one character too many": "a" * (LENGTH + 1),
    "half a character": "Phường Bến Nghé \ud800, Quận 1",
    "the other half": "\udc00",
    "a byte that was no text": b"\xff\xfe".decode(errors="surrogateescape"),
    "nothing at all": None,
    "bytes": "Hà Nội".encode(),
    "a number": 12,
    "a list": ["Hà Nội"],
}
"""What is refused before anything is read."""

NOTHING = {
    "empty": "",
    "blanks": " \t\r\n\u00a0\u3000\u200b",
    "punctuation": ",;.()[]{}<>/\\|!?@#$%^&*-_=+~`'\"",
    "typographic signs": "“”‘’…–—·•«»§¶†‡",
    "emoji": "🏠🏠👨‍👩‍👧‍👦 📍🇻🇳",
    "control characters": "\x00\x01\x02\x07\x08\x0b\x1b[31m\x7f",
    "marks that turn the line": "\u200e\u200f\u202a\u202e\u2066\u2069",
    "accents without letters": "\u0300\u0301\u0309\u0303\u0323",
    "a tower of accents": "a" + "\u0301\u0323\u0302" * 400,
    "NUL": "\x00",
    "Chinese": "中国北京市朝阳区建国路88号",
    "Japanese": "東京都千代田区丸の内1丁目",
    "Korean": "서울특별시 강남구 테헤란로 152",
    "Khmer": "ភ្នំពេញ ខណ្ឌដូនពេញ កម្ពុជា",
    "Lao": "ບ້ານໂພນໄຊ ນະຄອນຫຼວງວຽງຈັນ",
    "Thai": "ถนนสุขุมวิท กรุงเทพมหานคร 10110",
    "Cyrillic": "Москва, улица Тверская, дом 13",
    "Hebrew": "שדרות רוטשילד 1 תל אביב",
    "Arabic": "شارع التحرير، القاهرة ١٢",
    "Greek": "Οδός Ερμού 15, Αθήνα",
    "Devanagari": "नई दिल्ली ११०००१",
    "HTML": "<script>alert(document.cookie)</script><b>&nbsp;</b>",
    "SQL": "'; DROP TABLE units; SELECT * FROM users WHERE '1'='1",
    "JSON": '{"key": [1, 2, {"x": null}], "ok": true}',
    "a template": "{{7*7}} ${jndi:ldap://x/y} %s %n %d",
    "a path": "../../../../etc/passwd",
    "an address of the web": "https://example.com/search?q=1&lang=vi#top",
    "an address for mail": "someone@example.com",
    "a number": "42",
    "numbers": "1/2/3/4/5-6-7-8",
    "other digits": "١٢٣ ４２ ⅷ ²³",
    "one letter": "x",
    "gibberish": "asdf qwer zxcv",
    "a remark": "gọi trước khi giao",
    "not known": "không biết",
    "null": "null",
    "not a number": "NaN",
    "escapes": "%00%0d%0aSet-Cookie:x=1",
}
"""What names no unit."""

_MIXED = random.Random(2025)

LONG = {
    name: (piece * LENGTH)[:LENGTH]
    for name, piece in {
        "opening brackets": "(",
        "brackets": "()[]{}",
        "nested brackets": "([{<",
        "slashes": "/",
        "numbers and slashes": "1/",
        "hyphens": "- ",
        "commas": ",",
        "stops": "P.",
        "letters": "a",
        "blanks": " ",
        "digits": "1",
        "numbers": "1 ",
        "a word": "phường ",
        "a unit": "Tân An ",
        "a unit with its type": "Xã Tân An, ",
        "a province": "Hà Nội, ",
        "a chain of units": "Phường 1, Quận 1, TP HCM, ",
        "type words": "phường xã quận huyện tỉnh ",
        "a name glued": "tânan",
        "a typo": "Tan Ann, Hà Nộii ",
        "capitals": "TPHồChíMinh",
        "apostrophes": "M'",
        "alleys": "ngõ 1 ngách 2 hẻm 3 ",
        "streets": "đường số 1 ",
        "Telex": "phuowngf ",
        "NFD": "Pha\u0323\u0302ng ",
        "towers": "e\u0302\u0301\u0323\u0300 ",
        "plus codes": "7P28QMGC+2V,    ",
        "postcodes": "11024 ",
        "codes": "11024CX4R8QV,",
        "codes that touch": "1234567890+",
        "emoji": "🏠",
        "NUL": "\x00",
        "one name in capitals": "ĐỒNG NAI",
        "initials": "T.Giang ",
        "HTML": "<p>Hà Nội</p>",
        "Khmer": "ភ្នំពេញ ",
        "foreign words": "Springfield Avenue ",
    }.items()
}
LONG["anything"] = "".join(chr(_MIXED.choice([*range(32, 0x2100), *range(0x1EA0, 0x1EFA)])) for _ in range(LENGTH))
LONG["a paragraph"] = (
    "Hôm qua tôi đi chợ mua rau, gặp chị Hoa ở đầu ngõ. Chị bảo nhà chị mới xây xong, mời cả xóm sang ăn "
    "mừng vào chủ nhật. Trời mưa to nên đường ngập, xe chết máy, tôi phải dắt bộ về. "
) * 30
LONG = {name: text[:LENGTH] for name, text in LONG.items()}
"""Texts as long as any that is read."""

PROSE = """
Hôm qua tôi đi chợ mua rau, gặp chị Hoa ở đầu ngõ, trời mưa to nên phải dắt xe về.
The quick brown fox jumps over the lazy dog while the band plays on.
Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.
Xin chào, shop ơi cho mình hỏi còn hàng không ạ, mình cần gấp trong tuần này nhé.
Đơn này giao giờ hành chính, cho xem hàng, không được thì gọi lại số khác giúp mình.
"""
"""Sentences, each no address."""

ABROAD = """
350 Fifth Avenue, New York, NY 10118, USA
742 Evergreen Terrace, Springfield, OR 97403
2450 Maple Dr Apt 5B, Denver CO 80203
12 Hanoi Street, Austin TX 78701
Vinh Long Street, Westminster, CA 92683
221B Baker Street, London NW1 6XE, United Kingdom
Flat 4, 17 Elm Grove, Leeds LS6 2AB
10 rue de la Paix, 75002 Paris, France
Rue du Tan Son Nhat, Lyon
10 Rue de Saigon, 75116 Paris, France
3 bis boulevard Voltaire, 75011
Khu phố Tàu, Paris, Pháp
Unter den Linden 77, 10117 Berlin, Deutschland
Via del Corso 12, 00186 Roma RM, Italia
Calle de Alcalá 45, 28014 Madrid, España
Rua Augusta 1500, São Paulo, SP, Brasil
Av. Insurgentes Sur 1602, Ciudad de México
#12, St. 240, Sangkat Chaktomuk, Khan Daun Penh, Phnom Penh, Cambodia
House 25, Street 310, Boeung Keng Kang 1, Phnom Penh
Phum Thmei, Khum Prek Ambel, Srok Saang, Kandal
Phum Ta Khmau, Kandal Province
Wat Bo Road, Siem Reap
Ha Tien Road, Kampot Province, Cambodia
Tỉnh Svay Rieng, Campuchia
12 đường Mao Tse Toung, Phnôm Pênh
Hoa Binh, Phnom Penh
Ban Phonxay, Muang Xaysettha, Nakhone Luang Vientiane, Lao PDR
Ban Nongbone, Saysettha District, Vientiane Capital, Laos
Ban Thatluang, Champasak Province, Laos
Ban Dong, Sepon, Savannakhet
Muang Khong, Champasak
Xam Neua, Houaphanh Province, Laos
Ban Lak Sao, Khamkeut, Bolikhamxay
Salavan, Lao PDR
Attapeu, Samakhixay District, Laos
Oudomxay, Muang Xay, Laos
Phongsaly, Laos
Số 5 đường Lan Xang, quận Chanthabouly, thủ đô Viêng Chăn, Lào
99/5 Moo 3, Tambon Bo Phut, Amphoe Ko Samui, Surat Thani 84320, Thailand
123 Sukhumvit Road, Khlong Toei, Bangkok 10110
45 Thanon Nimmanhaemin, Suthep, Mueang Chiang Mai 50200
Moo 5, Ban Du, Mueang, Chiang Rai 57100
Saigon Street, Bangkok
No. 1 Wangfujing Street, Dongcheng District, Beijing 100006, China
Nanning, Guangxi, China
He Xi Road 12, Pingxiang, Guangxi
Hekou Yao Autonomous County, Honghe, Yunnan
Hung Yen Street, Kunming, Yunnan Province
Dong An Road, Xuhui, Shanghai
Tỉnh Quảng Tây, Trung Quốc
Hanoi Road, Tsim Sha Tsui
No. 7, Lane 120, Da An District, Taipei
3-5-8 Ginza, Chuo-ku, Tokyo
Gangnam-daero 396, Gangnam-gu, Seoul, Korea
Jalan Ampang 50450 Kuala Lumpur, Malaysia
Blk 123 Ang Mo Kio Ave 3 #05-12 Singapore 560123
Jl. Sudirman Kav 52, Jakarta Selatan 12190
Barangay San Antonio, Makati, Metro Manila
Phường Tân Bình, Melbourne, Úc
ul. Tverskaya 13, Moscow 125032, Russia
27 Raffles Place, Singapore
Rizal Avenue 120, Manila
Schillerstraße 8, Wien
Kalverstraat 92, Amsterdam
Muang Phin, Savannakhet Province
Sangkat Toul Tompoung, Khan Chamkarmon
Krong Siem Reap, Cambodia
Huai Hua Road, Jinghong, Xishuangbanna
Ha Long Bay Restaurant, Prague
Little Saigon, Orange County
Phu Quoc Restaurant, London E2
Kim Son, 2001 Jefferson St, Houston
Tan Phu, Tokyo
"""
"""Made-up addresses of other countries; some have words that units of Viet Nam have too."""

HOME = """
12 phố Pháp Hoa, Phường Bến Nghé, Quận 1, TP Hồ Chí Minh
Tòa nhà Seoul, 5 Trần Phú, Phường Hoàn Kiếm, Hà Nội
Khách sạn Paris, Phường Sài Gòn, TP Hồ Chí Minh
Chợ Nga, 328 Võ Văn Kiệt, Phường Bến Thành, TP Hồ Chí Minh
Cửa khẩu Lao Bảo, xã Lao Bảo, Quảng Trị
Đại sứ quán Lào, Phường Cửa Nam, Hà Nội, Việt Nam
Trung tâm Hàn Quốc, Phường Hoàn Kiếm, Hà Nội
"""
"""Addresses at home with a word from abroad; each is understood down to its commune."""

SAID_TWICE = """
12 Láng Hạ, Hà Nội, Hà Nội       | 01
Hà Nội, Hà Nội                   | 01
Huế, TP Huế                      | 46
5 Lê Lợi, Cần Thơ, TP Cần Thơ    | 92
"""
"""A province named twice, with its code: its second name is no misspelt commune."""
