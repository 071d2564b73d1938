// What the page says.

import type { Said } from "../shell/language";

export const WORDS = {
  title: { vi: "Xử lý cả tệp địa chỉ", en: "A whole file of addresses" },
  lead: {
    vi: "Thả một tệp CSV hoặc Parquet, chọn việc cần làm và cột cần đọc. Mọi dòng, mọi cột của tệp được giữ nguyên; kết quả nằm ở các cột thêm vào sau.",
    en: "Drop a CSV or Parquet file, choose what to do and which column to read. Every row and column of the file is kept; the answers follow in further columns.",
  },
  drop: { vi: "Thả tệp vào đây, hoặc", en: "Drop a file here, or" },
  pick: { vi: "Chọn tệp", en: "Choose a file" },
  another: { vi: "Chọn tệp khác", en: "Choose another file" },
  beginning: { vi: "Những dòng đầu", en: "The first rows" },
  task: { vi: "Việc cần làm", en: "What to do" },
  text: { vi: "Cột địa chỉ", en: "Column with the address" },
  lat: { vi: "Cột vĩ độ", en: "Column with the latitude" },
  lon: { vi: "Cột kinh độ", en: "Column with the longitude" },
  code: { vi: "Cột mã", en: "Column with the code" },
  to: { vi: "Đổi sang", en: "Convert to" },
  toNew: { vi: "đơn vị mới (từ 1/7/2025)", en: "new units (since 1 July 2025)" },
  toOld: { vi: "đơn vị cũ", en: "former units" },
  out: { vi: "Dạng kết quả", en: "Format of the result" },
  start: { vi: "Bắt đầu", en: "Start" },
  sending: { vi: "Đang gửi tệp", en: "Sending the file" },
  queued: { vi: "Đang chờ đến lượt", en: "Waiting for its turn" },
  running: { vi: "Đang xử lý", en: "Working" },
  rows: { vi: "dòng", en: "rows" },
  done: { vi: "Đã xong", en: "Done" },
  failed: { vi: "Không xử lý được", en: "It could not be done" },
  cancel: { vi: "Hủy", en: "Cancel" },
  cancelled: { vi: "Đã hủy; những gì đã làm đã bị xóa.", en: "Cancelled; what was done of it is deleted." },
  result: { vi: "Tải kết quả", en: "Download the result" },
  report: { vi: "Tải báo cáo", en: "Download the report" },
  kept: { vi: "Tệp và kết quả bị xóa lúc", en: "The file and its result are deleted at" },
  unread: { vi: "Không đọc được dòng đầu của tệp này.", en: "The first row of this file cannot be read." },
  parquet: { vi: "Tệp Parquet: hãy ghi tên cột.", en: "A Parquet file: write the name of the column." },
  wrongKind: { vi: "Chỉ nhận tệp CSV (.csv, .tsv, .txt) và Parquet (.parquet).", en: "Only CSV (.csv, .tsv, .txt) and Parquet (.parquet) files are taken." },
  lost: { vi: "Mất kết nối; đang thử lại…", en: "The connection is lost; trying again…" },
} as const satisfies Record<string, Said>;

export type Verb = "convert" | "validate" | "parse" | "geocode" | "locate" | "resolve";

export const VERBS: Readonly<Record<Verb, Said>> = {
  convert: { vi: "Đổi địa chỉ cũ ⇄ mới", en: "Convert addresses, old and new" },
  validate: { vi: "Kiểm tra địa chỉ", en: "Validate addresses" },
  parse: { vi: "Tách thành phần địa chỉ", en: "Take addresses apart" },
  geocode: { vi: "Tìm tọa độ của địa chỉ", en: "Find the points of addresses" },
  locate: { vi: "Tìm đơn vị hành chính của tọa độ", en: "Find the units of points" },
  resolve: { vi: "Tra mã địa chỉ", en: "Look codes up" },
};

export const STATUSES: Readonly<Record<string, Said>> = {
  ok: { vi: "chắc chắn", en: "sure" },
  partial: { vi: "một phần", en: "in part" },
  ambiguous: { vi: "nhiều khả năng", en: "ambiguous" },
  not_found: { vi: "không tìm thấy", en: "not found" },
  error: { vi: "lỗi", en: "error" },
};
