// What the buyer is asked to do, by the service's `possible_next_action`. The service's own sentences speak to the shop.

import type { Said } from "./words";

export const ACTIONS: Readonly<Record<string, Said>> = {
  accept: { vi: "Chúng tôi sẽ giao đến địa chỉ này.", en: "We will deliver to this address." },
  enter_local_address: { vi: "Hãy ghi một địa chỉ tại Việt Nam.", en: "Please enter an address in Viet Nam." },
  enter_address: { vi: "Hãy ghi số nhà, tên đường, xã/phường và tỉnh/thành phố.", en: "Please enter number, street, commune and province." },
  correct_code: { vi: "Mã và địa chỉ không khớp nhau; hãy xem lại mã.", en: "The code and the address do not agree; please check the code." },
  correct_units: { vi: "Xã/phường, quận/huyện và tỉnh/thành phố không khớp nhau.", en: "The commune, district and province do not belong together." },
  correct_point: { vi: "Vị trí không nằm ở địa chỉ đã ghi.", en: "Your position is not at this address." },
  add_province: { vi: "Hãy ghi thêm tỉnh hoặc thành phố.", en: "Please add the province or city." },
  choose_candidate: { vi: "Khu vực này nay thuộc nhiều xã/phường; hãy chọn nơi của bạn.", en: "This area is now in several communes; please choose yours." },
  ask_point: { vi: "Hãy ghi thêm xã/phường, hoặc cho biết vị trí của bạn.", en: "Please add the commune, or let us use your position." },
  add_commune: { vi: "Hãy ghi thêm xã, phường hoặc đặc khu.", en: "Please add the commune (xã, phường, đặc khu)." },
  correct_postcode: { vi: "Mã bưu chính không đúng với nơi này.", en: "The postcode is not that of this place." },
  add_house_number: { vi: "Hãy ghi thêm số nhà.", en: "Please add the house number." },
  confirm_code: { vi: "Hãy xem mã và địa chỉ dưới đây có đúng không.", en: "Please check that the code and the address below are right." },
  confirm_point: { vi: "Vị trí có vẻ nằm ngoài xã/phường đã ghi; hãy xem lại.", en: "Your position seems to be outside this commune; please check." },
  confirm_commune: { vi: "Hãy xem xã/phường dưới đây có đúng không.", en: "Please check that the commune below is right." },
  confirm_province: { vi: "Hãy xem tỉnh/thành phố dưới đây có đúng không.", en: "Please check that the province below is right." },
  confirm_street: { vi: "Chưa thấy đường này ở xã/phường đã ghi; hãy xem lại.", en: "This street is not known in this commune; please check." },
  confirm_postcode: { vi: "Hãy xem lại mã bưu chính.", en: "Please check the postcode." },
  confirm_place: { vi: "Nếu có số nhà, hãy ghi thêm.", en: "If there is a house number, please add it." },
  confirm_leftover: { vi: "Có phần chúng tôi chưa hiểu; hãy xem địa chỉ dưới đây.", en: "We did not understand all of it; please check the address below." },
};
