// Cutting words into parts: the twin of geoaddr/interpretation/detail_parts.py and detail_telephones.py.
#pragma once

#include <functional>
#include <set>

#include "detail_words.hpp"

namespace geoaddr::detail {

struct Part {
    Kind kind;
    int first, body, last;
    bool number = false;
    bool joined = false;
};

using Parts = std::vector<Part>;
using Names = std::set<Text>;

constexpr size_t TELEPHONE_DIGITS = 9;

inline bool is_house(Kind kind) { return kind == HOUSE_NUMBER || kind == LOT || kind == ALLEY; }

inline bool may_begin_telephone(const Word& word) {
    const Text& said = word.folded();
    return said[0] == U'0' || said == U"84" || said.size() >= TELEPHONE_DIGITS;
}

// Ten digits of a mobile, ten or eleven of a fixed line, with the country's for the 0.
inline bool is_telephone(View said) {
    for (View prefix : {View(U"0"), View(U"84"), View(U"840")}) {
        if (said.substr(0, prefix.size()) != prefix) continue;
        const View rest = said.substr(prefix.size());
        if (rest.empty()) continue;
        const bool fixed = rest[0] == U'2' && (rest.size() == 9 || rest.size() == 10);
        const bool mobile = (rest[0] == U'3' || (rest[0] >= U'5' && rest[0] <= U'9')) && rest.size() == 9;
        if (!(fixed || mobile)) continue;
        bool all = true;
        for (char32_t digit : rest) all = all && Py_UNICODE_ISDECIMAL(digit);
        if (all) return true;
    }
    return false;
}

// What the lexicon says that is not of a single word.
struct Knowledge {
    Names days;
    std::vector<int> postcode_widths;
};

class Cutter {
  public:
    Cutter(const Words& words, const Knowledge& knowledge, bool commas, std::function<const Names&()> units)
        : words_(words), n_(static_cast<int>(words.size())), knowledge_(knowledge), commas_(commas), units_(std::move(units)) {
        for (const Word& word : words) has_telephone_ = has_telephone_ || (word.is_digits() && may_begin_telephone(word));
    }

    Parts parts() {
        Parts found;
        for (int at = 0; at < n_;) {
            Part made = part(at, found.empty() ? nullptr : &found.back());
            made.joined = at > 0 && words_[at].gap != BREAK;
            found.push_back(made);
            at = made.last;
        }
        return found;
    }

  private:
    static constexpr int LONGEST_UNIT = 8, LONGEST_TELEPHONE = 13;

    static constexpr const char32_t *LETTERS = U"abcdefghijklmnoprstuv", *HOUSE_LETTERS = U"abcdefg";

    static bool lone_letter(const Word& word, View letters) { return word.kept().size() == 1 && letters.find(word.kept()[0]) != View::npos; }

    Part part(int at, const Part* before) {
        const Word& word = words_[at];
        const bool numbered = before != nullptr && is_house(before->kind) && before->last == at && word.gap != BREAK;
        const Entry* entry = opens(at, true);
        if (entry != nullptr && entry->part != NAME && !(numbered && is_in_names(*entry))) return opened(*entry, at);
        if (word.is_digits())
            if (const int end = telephone_end(at)) return {NOTE, at, at, end};
        if (!word.is_item()) return named(at, before);
        const int day_end = day(at);
        if (day_end && (numbered || !goes_on(day_end))) return {DAY, at, at, day_end, true};
        const int end = number_end(at, false);
        if (end <= at) return named(at, before);
        bool coded = true;  // 12 D2, TX25: the code of a street or a building
        for (char32_t letter : View(word.folded()).substr(0, numbered ? 1 : 2)) coded = coded && Py_UNICODE_ISALPHA(letter);
        if (coded) return {NAME, at, at, name_end(end)};
        return {kind_of_number(at, end), at, at, end, true};
    }

    // Whether streets are called after such a place.
    static bool is_in_names(const Entry& entry) { return entry.part == ADMIN || (entry.part == POI && entry.at_start_only); }

    Part named(int at, const Part* before) {
        const int end = name_end(at + 1);
        const int telephone = has_telephone_ ? this->telephone(end) : 0;
        if (telephone && (before == nullptr || !is_house(before->kind))) return {NOTE, at, at, telephone};
        return {NAME, at, at, end};
    }

    int telephone(int at) const { return at >= n_ || !words_[at].is_digits() || words_[at].gap == BREAK ? 0 : telephone_end(at); }

    int telephone_end(int at) const {
        if (at >= n_ || !words_[at].is_digits()) return 0;
        Text said = words_[at].folded();
        if (said.size() >= TELEPHONE_DIGITS) return at + 1;
        if (!may_begin_telephone(words_[at])) return 0;
        int found = 0;
        for (int end = at + 1; end < n_ && words_[end].is_digits() && said.size() < LONGEST_TELEPHONE && group_follows(end);) {
            said += words_[end++].folded();
            if (is_telephone(said)) found = end;
        }
        return found;
    }

    bool group_follows(int at) const {
        const Gap gap = words_[at].gap;
        return (words_[at - 1].bracket && !words_[at].bracket) || gap == BLANK || gap == DOT || gap == HYPHEN;
    }

    Kind kind_of_number(int at, int end) const {
        const Word& word = words_[at];
        bool width = false;
        for (int each : knowledge_.postcode_widths) width = width || static_cast<int>(word.folded().size()) == each;
        return end == at + 1 && word.is_digits() && width && !goes_on(end) ? POSTCODE : HOUSE_NUMBER;
    }

    bool goes_on(int at) const { return at < n_ && words_[at].gap != BREAK; }

    Part opened(const Entry& entry, int at) {
        const int body = at + entry.count();
        if (entry.body == Entry::ALONE) return {entry.part, at, body, body};
        if (has_telephone_)
            if (const int end = telephone(body)) return {NOTE, at, body, end};
        if (entry.part == STREET) return {STREET, at, body, street_end(body)};
        if (entry.body != Entry::NAME_BODY && numeric(body)) return {entry.part, at, body, number_end(body, true), true};
        const bool swallow = entry.part == POI || entry.part == LANDMARK || entry.part == ADMIN;
        return {entry.part, at, body, body_end(body, swallow, entry.part == BUILDING, entry.part == NOTE)};
    }

    int street_end(int body) {
        for (const Entry* entry; goes_on(body) && (entry = opens(body, true)) != nullptr && entry->part == STREET;) body += entry->count();
        if (!goes_on(body)) return body;
        const int number = words_[body].folded() == U"so" && numeric(body + 1) ? body + 1 : body;
        if (const int end = day(number)) return end;
        return numeric(number) ? number_end(number, false) : body_end(body, false, false, false);
    }

    int day(int at) const {
        if (at + 1 >= n_ || !words_[at].is_digits() || words_[at].folded().size() > 2) return 0;
        const Word& next = words_[at + 1];
        if (next.folded() == U"thang" && at + 2 < n_ && words_[at + 2].is_digits()) return words_[at + 2].gap == BLANK ? at + 3 : 0;
        if ((next.gap != SLASH && next.gap != HYPHEN) || !next.is_digits()) return 0;
        if (at + 2 < n_ && (words_[at + 2].gap == SLASH || words_[at + 2].gap == HYPHEN)) return 0;
        return knowledge_.days.count(without_zeros(words_[at].folded()) + U"/" + without_zeros(next.folded())) ? at + 2 : 0;
    }

    static Text without_zeros(const Text& number) { return number.substr(std::min(number.find_first_not_of(U'0'), number.size())); }

    int body_end(int body, bool swallow, bool house, bool note) {
        return goes_on(body) ? name_end(body + 1, swallow, house, note) : body;
    }

    int name_end(int at, bool swallow = false, bool house = false, bool note = false) {
        while (at < n_ && (words_[at].gap == BLANK || !parts_names(at))) {
            const Word& word = words_[at];
            const Entry* entry = word.keys->entries == nullptr ? nullptr : opens(at, false);
            if (entry != nullptr) {
                if (entry->part == NAME) {
                    at += entry->count();
                    continue;
                }
                if (!swallow || entry->part == STREET || entry->part == ALLEY) break;
            }
            if (word.is_digits() && !note && telephone_end(at)) break;
            if (word.is_item()) {
                if (at + 1 < n_ && words_[at + 1].gap == SLASH) break;
                if (house && is_house_number(at)) break;
            }
            at++;
        }
        return at;
    }

    bool is_house_number(int at) {
        const Text& said = words_[at].folded();
        if (!words_[at].is_item() || words_[at - 1].folded() == U"so") return false;
        for (char32_t digit : View(said).substr(0, 2))
            if (!Py_UNICODE_ISDIGIT(digit)) return false;
        if (at + 2 >= n_ || words_[at + 1].folded() == U"thang" || opens(at + 1, false) != nullptr) return false;
        for (int i = at + 1; i < at + 3; i++)
            if (words_[i].gap != BLANK || !words_[i].keys->is_alpha) return false;
        return true;
    }

    bool parts_names(int at) {
        switch (words_[at].gap) {
            case BREAK:
            case COLON:
                return true;
            case WIDE_HYPHEN:
                return !commas_ || opens(at, true) != nullptr || is_unit(at);
            case DOT:
                return words_[at - 1].folded().size() > 2;
            case SLASH:
                return opens(at, true) != nullptr;
            default:
                return false;
        }
    }

    // Whether the words up to the next parting sign are the name of a unit that stands elsewhere.
    bool is_unit(int at) const {
        Text name = words_[at].folded();
        for (int i = at + 1; i < std::min(at + LONGEST_UNIT + 1, n_) && words_[i].gap < WIDE_HYPHEN; i++) name += U" " + words_[i].folded();
        return units_().count(name) > 0;
    }

    bool numeric(int at) const {
        if (at >= n_ || words_[at].gap == BREAK) return false;
        return words_[at].is_item() || lone_letter(words_[at], LETTERS);
    }

    int number_end(int at, bool lone) {
        if (!(words_[at].is_item() || lone)) return at;
        at++;
        while (at < n_ && (joins(at) || is_bis(at))) at++;
        return is_lone_suffix(at) ? at + 1 : at;
    }

    bool is_bis(int at) const {
        const Word& word = words_[at];
        return (word.folded() == U"bis" || word.folded() == U"ter") && (word.gap == BLANK || word.gap == DOT);
    }

    bool joins(int at) const {
        const Word& word = words_[at];
        if (!(word.is_item() || (lone_letter(word, LETTERS) && !word.blank))) return false;
        if (word.gap == DOT) return !word.blank && word.is_digits();
        return word.gap == SLASH || word.gap == HYPHEN || word.gap == WIDE_HYPHEN || word.gap == PLUS;
    }

    bool is_lone_suffix(int at) {
        if (at >= n_ || !lone_letter(words_[at], HOUSE_LETTERS) || words_[at].gap != BLANK) return false;
        const bool dotted = at + 1 < n_ && words_[at + 1].gap == DOT;
        return words_[at - 1].is_digits() && !dotted && opens(at, true) == nullptr;
    }

    // The longest phrase that opens a part at a word, if one is meant there.
    const Entry* opens(int at, bool at_start) {
        const auto* entries = words_[at].keys->entries;
        if (entries == nullptr) return nullptr;
        for (const Entry& entry : *entries) {
            const bool follows = entry.count() < 2 || (at + 1 < n_ ? words_[at + 1].folded() == entry.words[1].folded : entry.words[1].folded.empty());
            if (follows && is_meant(entry, at, at_start)) return &entry;
        }
        return nullptr;
    }

    bool is_meant(const Entry& entry, int at, bool at_start) {
        const int end = at + entry.count();
        if (end > n_) return false;
        bool bare = false;
        for (int offset = 0; offset < entry.count(); offset++) {
            const Word& word = words_[at + offset];
            const EntryWord& wanted = entry.words[offset];
            if (offset && word.gap != BLANK) return false;
            if (word.kept() == wanted.kept) continue;
            if (word.kept() != wanted.folded) return false;
            bare = true;
        }
        const bool number = numeric(end);
        if (entry.body != Entry::ALONE && has_telephone_ && telephone(end)) return entry.part == NOTE || entry.part == STREET;
        if (entry.body == Entry::NUMBER_BODY && !number) return false;
        if (!at_start && !goes_on(end) && entry.part != NAME) return false;
        if (entry.at_start_only && !(at_start || (number && entry.part != POI))) return false;
        if (!bare || entry.bare == Entry::ANY) return true;
        if (entry.bare == Entry::AT_START) return at_start;
        if (entry.bare == Entry::WITH_DOT) return end < n_ && words_[end].gap == DOT;
        return entry.bare == Entry::BEFORE_NUMBER && number;
    }

    const Words& words_;
    int n_;
    const Knowledge& knowledge_;
    bool commas_;
    std::function<const Names&()> units_;
    bool has_telephone_ = false;
};

}  // namespace geoaddr::detail
