// What each part is for: the twin of geoaddr/interpretation/detail_roles.py and detail_around.py.
#pragma once

#include <algorithm>

#include "detail_parts.hpp"

namespace geoaddr::detail {

enum Role : char { R_HOUSE_NUMBER, R_ALLEY, R_STREET, R_HAMLET, R_BUILDING, R_FLOOR, R_UNIT, R_POI, R_POSTCODE, R_REST, R_SAME, ROLES };

constexpr const char* ROLE_NAMES[ROLES] = {"house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "postcode", "rest", "same"};

inline Text joined(const Words& words, int first, int last) {
    Text said;
    for (int i = first; i < last; i++) {
        if (i > first) said += U' ';
        said += words[i].folded();
    }
    return said;
}

// What stands outside the spans of a text; read only when asked for.
class Around {
  public:
    Around(View text, const std::vector<Span>& spans, WordReader& reader, const Knowledge& knowledge)
        : text_(text), spans_(spans), reader_(reader), knowledge_(knowledge) {}

    // The units' names without accents, with and without their type words.
    const Names& names() {
        if (named_) return names_;
        read();
        named_ = true;
        for (const Part& part : parts_)
            for (int first : {part.first, part.body}) names_.insert(joined(words_, first, part.last));
        return names_;
    }

    // Whether the first unit after the beginning of the spans calls itself a rural commune (xã).
    bool rural() {
        read();
        for (const Part& part : parts_)
            if (words_[part.first].start >= spans_[0].first) return part.kind == ADMIN && words_[part.first].folded() == U"xa";
        return false;
    }

  private:
    void read() {
        if (read_) return;
        read_ = true;
        std::vector<Span> outside;
        int at = 0;
        for (const auto& [begin, end] : spans_) {
            if (at < begin) outside.emplace_back(at, begin);
            at = end;
        }
        if (at < static_cast<int>(text_.size())) outside.emplace_back(at, static_cast<int>(text_.size()));
        reader_.read(text_, outside, words_);
        static const Names none;
        parts_ = Cutter(words_, knowledge_, true, []() -> const Names& { return none; }).parts();
    }

    View text_;
    const std::vector<Span>& spans_;
    WordReader& reader_;
    const Knowledge& knowledge_;
    bool read_ = false, named_ = false;
    Words words_;
    Parts parts_;
    Names names_;
};

class Roles {
  public:
    Roles(const Words& words, const Parts& parts, Around& around) : words_(words), parts_(parts), n_(static_cast<int>(parts.size())), around_(around) {
        bool kinds[KINDS] = {};
        int last = -1, first = -1;
        for (int at = 0; at < n_; at++) {
            const Part& part = parts[at];
            before_.push_back(last);
            if (!words[part.first].bracket) last = at;
            if (part.body != part.last) kinds[static_cast<int>(part.kind)] = true;
            if (part.kind == HOUSE_NUMBER && first < 0) first = at;
            if (part.kind == HOUSE_NUMBER || part.kind == STREET) last_anchor_ = at;
        }
        typed_street_ = kinds[STREET];
        in_building_ = kinds[BUILDING] || kinds[FLOOR];
        numbered_ = kinds[HOUSE_NUMBER];
        if (is_flat(first)) {
            flat_at_ = first++;
            while (parts[first].kind != HOUSE_NUMBER) first++;
        }
        if (first >= 0) {
            numbers_ = {first, first};
            while (numbers_.second < n_ && parts[numbers_.second].kind == parts[first].kind) numbers_.second++;
        }
        street_at_ = street_name();
    }

    Role of(int at) {
        const Part& part = parts_[at];
        switch (part.kind) {
            case NAME:
                return name(at);
            case HOUSE_NUMBER:
                return number(at);
            case DAY:
                return day(at);
            case LOT:
                return is_empty(part) ? R_REST : !numbered_ ? R_HOUSE_NUMBER : in_building_ ? R_BUILDING : R_HAMLET;
            case SHORT_P:
                return short_p(at);
            case POSTCODE:
                return postcode(part);
            default:
                return fixed(part);
        }
    }

  private:
    Role fixed(const Part& part) const {
        if (is_empty(part) && part.kind != POI && part.kind != NOTE && part.kind != ADMIN && part.kind != FLOOR) return R_REST;
        switch (part.kind) {
            case STREET:
                return R_STREET;
            case ALLEY:  // (nhà cuối ngõ bên phải)
                return words_[part.first].bracket && !has_number(part) ? R_REST : R_ALLEY;
            case HAMLET:
                return R_HAMLET;
            case BUILDING:
                return R_BUILDING;
            case FLOOR:
                return R_FLOOR;
            case UNIT:
                return R_UNIT;
            case POI:
            case LANDMARK:
                return says_telephone(part) ? R_REST : R_POI;
            default:
                return R_REST;
        }
    }

    bool says_telephone(const Part& part) const {
        size_t digits = 0;
        for (int i = part.first; i < part.last; i++) digits += words_[i].is_digits() ? words_[i].folded().size() : 0;
        return digits >= TELEPHONE_DIGITS;
    }

    bool has_number(const Part& part) const {
        for (int i = part.body; i < part.last; i++)
            if (words_[i].is_item()) return true;
        return false;
    }

    static bool is_empty(const Part& part) { return part.body == part.last; }

    Text folded(const Part& part) const { return joined(words_, part.body, part.last); }

    Role postcode(const Part& part) {
        if (postcode_seen_ || part.last - part.body != 1) return R_REST;
        postcode_seen_ = true;
        return R_POSTCODE;
    }

    bool is_flat(int at) const {
        if (at < 0 || last_anchor_ <= at || !before_building(at)) return false;
        if (!Py_UNICODE_ISALPHA(words_[parts_[at].body].folded()[0]) || !parts_[at + 1].joined) return false;
        return std::any_of(parts_.begin() + at + 2, parts_.end(), [](const Part& part) { return part.kind == HOUSE_NUMBER; });
    }

    Role number(int at) const {
        if (at == flat_at_) return R_UNIT;
        if (at >= numbers_.first && at < numbers_.second) return R_HOUSE_NUMBER;
        if (numbers_.second - numbers_.first != 1) return R_REST;
        return folded(parts_[at]) == folded(parts_[numbers_.first]) ? R_SAME : R_REST;
    }

    Role day(int at) const {
        const bool written_out = parts_[at].last - parts_[at].first > 2;
        if (typed_street_) return written_out || numbered_ ? R_REST : R_HOUSE_NUMBER;
        if (written_out || numbered_ || at == street_at_) return R_STREET;
        const Kind after = at + 1 < n_ ? parts_[at + 1].kind : KINDS;
        return after == NAME || after == ALLEY || after == HAMLET || after == SHORT_P ? R_HOUSE_NUMBER : R_STREET;
    }

    // P.: a room with a number, a street with a name, else a ward.
    Role short_p(int at) const {
        const Part& part = parts_[at];
        if (part.number) return in_building_ || words_[part.body].folded().size() > 2 ? R_UNIT : R_REST;
        const bool after_number = at > 0 && part.joined && is_house(parts_[at - 1].kind);
        return after_number && !typed_street_ && !is_empty(part) ? R_STREET : R_REST;
    }

    int street_name() {
        if (typed_street_) return -1;
        std::vector<int> plain;
        for (int i = 0; i < n_; i++)
            if ((parts_[i].kind == NAME || parts_[i].kind == DAY) && !in_brackets(i)) plain.push_back(i);
        for (int i : plain)
            if (after_number(i) && can_be_street(i)) return i;
        for (int i : plain)
            if (right_before_number(i) && !is_brand(i)) return i;
        if (numbered_ || std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.kind == ALLEY; })) return -1;
        return first_that_sounds_like_one(plain);
    }

    bool can_be_street(int at) const {
        if (is_code(at)) return !before_building(at);
        return !has_cue(at) && (parts_[at].joined || !is_brand(at));
    }

    bool right_before_number(int at) const { return at + 1 < n_ && parts_[at + 1].kind == HOUSE_NUMBER && parts_[at + 1].joined; }

    bool before_building(int at) const { return at + 1 < n_ && parts_[at + 1].kind == BUILDING; }

    int first_that_sounds_like_one(const std::vector<int>& plain) {
        int hamlet = 0;
        while (hamlet < n_ && parts_[hamlet].kind != HAMLET) hamlet++;
        std::vector<int> fits;  // the first two
        for (size_t i = 0; i < plain.size() && fits.size() < 2; i++) {
            const int at = plain[i];
            if (at < hamlet && !is_brand(at) && !is_unit(at) && !(is_code(at) && before_building(at))) fits.push_back(at);
        }
        if (fits.empty()) return -1;
        const int first = fits[0];
        if (around_.rural() && first == n_ - 1 && !is_code(first)) return -1;
        if (parts_[first].kind == DAY && fits.size() > 1 && fits[1] == first + 1) return first + 1;  // 30/4, Nguyễn Trãi
        return first;
    }

    Role name(int at) {
        if (at == street_at_) return R_STREET;
        if (repeats_street(parts_[at])) return R_SAME;
        if (in_brackets(at) || is_unit(at)) return R_REST;
        if (has_cue(at) || is_code(at)) return R_BUILDING;
        if (is_person(at)) return R_REST;
        return is_brand(at) || at < std::max(street_at_, last_anchor_) ? R_POI : R_HAMLET;
    }

    bool after_number(int at) const { return before_[at] >= 0 && is_house(parts_[before_[at]].kind); }

    bool in_brackets(int at) const { return words_[parts_[at].first].bracket; }

    // A name that says units again which stand elsewhere.
    bool is_unit(int at) {
        const Names& names = around_.names();
        if (names.empty()) return false;
        const Part& part = parts_[at];
        bool all = true;
        for (int begin = part.body; begin < part.last && all;) {
            int end = begin + 1;
            while (end < part.last && words_[end].gap != HYPHEN && words_[end].gap != WIDE_HYPHEN) end++;
            all = names.count(joined(words_, begin, end)) > 0;
            begin = end;
        }
        return all || names.count(folded(part)) > 0;
    }

    // Two to four letters, a number of one to three digits, at most one letter.
    bool is_code(int at) const {
        const Part& part = parts_[at];
        const View last = View(words_[part.last - 1].folded());
        bool digit = false;
        for (char32_t c : last.substr(last.size() - std::min<size_t>(2, last.size()))) digit = digit || Py_UNICODE_ISDIGIT(c);
        if (!digit) return false;
        const Text said = folded(part);
        const auto is_letter = [](char32_t c) { return c >= U'a' && c <= U'z'; };
        size_t i = 0;
        while (i < said.size() && is_letter(said[i])) i++;
        if (i < 2 || i > 4) return false;
        if (i < said.size() && said[i] == U' ') i++;
        const size_t digits = i;
        while (i < said.size() && Py_UNICODE_ISDECIMAL(said[i])) i++;
        if (i == digits || i > digits + 3) return false;
        if (i < said.size() && is_letter(said[i])) i++;
        return i == said.size();
    }

    bool has_cue(int at) const {
        for (int i = parts_[at].first; i < parts_[at].last; i++)
            if (words_[i].keys->building_cue) return true;
        return false;
    }

    // A name with a word that is not Vietnamese, and not the code of a street.
    bool is_brand(int at) const {
        const Part& part = parts_[at];
        if (words_[part.last - 1].keys->street_cue) return false;
        for (int i = part.first; i < part.last; i++) {
            const Keys& keys = *words_[i].keys;
            if (keys.folded.size() > 1 && keys.is_alpha && !keys.is_syllable) return !is_code(at);
        }
        return false;
    }

    bool is_person(int at) const {
        const auto says = [&](const Part& part) { return part.kind == NOTE && says_telephone(part); };
        return (at > 0 && parts_[at].joined && says(parts_[at - 1])) || (at + 1 < n_ && says(parts_[at + 1]));
    }

    bool repeats_street(const Part& part) const {
        if (!typed_street_) return false;
        const Text said = folded(part);
        return std::any_of(parts_.begin(), parts_.end(), [&](const Part& each) { return each.kind == STREET && folded(each) == said; });
    }

    const Words& words_;
    const Parts& parts_;
    int n_;
    Around& around_;
    std::vector<int> before_;  // for each part the last one before it that stands outside brackets, or -1
    int last_anchor_ = -1, flat_at_ = -1, street_at_ = -1;
    bool typed_street_ = false, in_building_ = false, numbered_ = false, postcode_seen_ = false;
    std::pair<int, int> numbers_{0, 0};
};

}  // namespace geoaddr::detail
