// Every stretch of words that may name a unit: the twin of geoaddr/interpretation/matching.py and placing.py.
#pragma once

#include "names.hpp"
#include "spelling.hpp"
#include "words.hpp"

namespace geoaddr {

struct Match {
    int entity, begin, end, rank;
    How how;
    double spelling, type, cost;
    bool typed;
    const Name* name;
    double left = 0.0, right = 0.0, floor = 0.0;
    bool within = false;
    Mask mask = 0;
};

using Matches = std::vector<Match>;

inline Mask mask_of(int begin, int end) { return ((Mask)1 << end) - ((Mask)1 << begin); }

struct Limits {
    int name_words, name_letters, fuzzy_from;
    std::vector<int> postcode_digits;

    bool is_postcode(const Word& word) const {
        return word.number() &&
               std::find(postcode_digits.begin(), postcode_digits.end(), word.length()) != postcode_digits.end();
    }
};

class Matcher {
  public:
    Matcher(Names& names, const Costs& costs, const Limits& limits)
        : names_(names), costs_(costs), limits_(limits), similar_(names.keys(), limits.fuzzy_from) {}

    Matches exact(const Words& words) {
        Matches found;
        const int n = words.size();
        for (int i = 0; i < n; i++) {
            const Word& first = words.words[i];
            const bool typed = bool(words.types_end[i]);
            if (first.number()) {
                if (!(typed || words.english)) continue;
                const int key = typed ? names_.key(first.folded()) : -1;
                if (key >= 0) take(found, words, i, i + 1, names_.in_full(key, first.folded(), true));
            } else if (typed && names_.is_numeral(first.folded())) {
                const int number = names_.number_of_numeral(first.folded());
                if (number >= 0) take(found, words, i, i + 1, costing(names_.named(number), ALIAS, costs_.ALIAS, true));
            }
            spans_from(found, words, i, typed);
        }
        part_twins(found, words);
        return found;
    }

    // The names of units inside one of those that the exact matches name, with a typo, among the free words.
    Matches fuzzy(const Words& words, const std::vector<char>& free, const Matches& exact) {
        Matches found;
        std::vector<char> ends(words.size() + 1, 0);
        std::vector<int> above;
        for (const Match& match : exact) {
            ends[match.end] = 1;
            if (match.rank != COMMUNE) above.push_back(match.entity);
        }
        std::sort(above.begin(), above.end());
        const int n = words.size();
        for (int i = 0; i < n; i++) {
            const bool typed = bool(words.types_end[i]);
            if (!(typed || ((words.opens[i] || ends[i]) && !words.words[i].number()))) continue;
            key_.clear();
            accented_.clear();
            for (int j = i; j < std::min(i + limits_.name_words, n); j++) {
                if (!free[j] || (j > i && words.hard[j])) break;
                key_ += words.words[j].folded();
                accented_ += words.words[j].accented();
                if (static_cast<int>(key_.size()) > limits_.name_letters) break;
                if (static_cast<int>(key_.size()) < limits_.fuzzy_from - 1 || is_type_word(words, i, j + 1)) continue;
                misspelt(found, words, i, j + 1, above);
            }
        }
        return found;
    }

    // Whole spans as names of units inside the holders, with several typos, but none in a number.
    Matches near(const Words& words, const std::vector<Span>& spans, const std::vector<int>& holders, double most) {
        Matches found;
        const int worth = 1 + static_cast<int>(std::max(0.0, most - costs_.TYPO) / costs_.MORE_TYPOS);
        for (const auto& [begin, end] : spans) {
            Text key, accented;
            for (int i = begin; i < end; i++) {
                key += words.words[i].folded();
                accented += words.words[i].accented();
            }
            const int length = static_cast<int>(key.size());
            if (length < limits_.fuzzy_from - 1 || length > limits_.name_letters || is_type_word(words, begin, end)) continue;
            for (int holder : holders) near_in(found, words, begin, end, key, accented, holder, worth);
        }
        return found;
    }

    // For matches that disagree in accents with what is written one that agrees, as positions.
    std::vector<std::pair<int, int>> twins(const Matches& matches) {
        std::vector<std::pair<int, int>> found;
        const int count = static_cast<int>(matches.size());
        for (int other = 0; other < count; other++) {
            if (matches[other].how != NO_ACCENTS) continue;
            for (int one = 0; one < count; one++) {
                const Match& agreeing = matches[one];
                if (agreeing.how != EXACT || agreeing.rank == PROVINCE) continue;
                if (agreeing.begin != matches[other].begin || agreeing.end != matches[other].end) continue;
                if (!names_.same_province(agreeing.entity, matches[other].entity)) continue;
                found.emplace_back(one, other);
                break;
            }
        }
        return found;
    }

    bool has_open_twins(const Matches& matches) {
        for (const auto& [one, other] : twins(matches))
            if (is_ascii(names_.accents(*matches[one].name))) return true;
        return false;
    }

    // Fill in what each match costs where it stands.
    void place(const Words& words, Matches& matches) const;

  private:
    struct Placed {
        int begin, end;
        bool typed, within;
        double left, right, least;
    };

    double left(const Words& words, const Match& match) const;
    double right(const Words& words, const Match& match, const std::vector<char>& type_begins) const;

    void spans_from(Matches& found, const Words& words, int i, bool typed) {
        const Word& first = words.words[i];
        const int n = words.size();
        key_.clear();
        accented_.clear();
        for (int j = i; j < std::min(i + limits_.name_words, n); j++) {
            if (j > i && words.hard[j]) break;
            key_ += words.words[j].folded();
            accented_ += words.words[j].accented();
            const int key = names_.key(key_);
            if (key >= 0 && (!first.number() || (j > i && (typed || words.types_after[j + 1]))))
                take(found, words, i, j + 1, names_.in_full(key, accented_, false));
            const int letters = static_cast<int>(key_.size());
            const bool initial = j > i && first.folded().size() == 1 && words.words[i + 1].dot;
            if (!(initial || (j == i && letters > 1 && letters < 5))) continue;
            const int shortened = names_.shortened_key(key_);
            if (shortened >= 0) take(found, words, i, j + 1, costing(names_.shortened(shortened), ALIAS, costs_.SHORTENED));
        }
    }

    // Names that were all written at the same cost; numbers: those that are one alone.
    static std::vector<Written> costing(const std::vector<Name>& names, How how, double cost, bool numbers = false) {
        std::vector<Written> found;
        for (const Name& name : names)
            if (!numbers || is_number_text(name.text)) found.push_back({&name, cost, how});
        return found;
    }

    static bool is_number_text(PyObject* text) {
        const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
        for (Py_ssize_t i = 0; i < length; i++)
            if (!Py_UNICODE_ISDIGIT(PyUnicode_READ_CHAR(text, i))) return false;
        return length > 0;
    }

    // Whether a span is but a type word, which is no misspelt name.
    static bool is_type_word(const Words& words, int begin, int end) {
        return words.types_end[end] && words.types_end[end].at <= begin;
    }

    void misspelt(Matches& found, const Words& words, int begin, int end, const std::vector<int>& above) {
        const Text key = key_;
        for (int other : similar_.of(key)) {
            const Text& meant = names_.keys()[other];
            const int edits = edits_between(key, meant);
            if (!((edits == 1 || key.size() > 6) && same_digits(key, meant))) continue;
            const double cost = (edits == 1 ? costs_.TYPO : costs_.TYPO + costs_.MORE_TYPOS) * shortness(meant.size());
            std::vector<Written> names;
            for (const Name& name : names_.named(other))
                if (above.empty() || is_inside(name.entity, above))
                    names.push_back({&name, cost + names_.beside_slip(name, meant, key, accented_), FUZZY});
            take(found, words, begin, end, names);
        }
    }

    bool is_inside(int entity, const std::vector<int>& above) {
        if (names_.ranks[entity] == PROVINCE) return true;
        for (const Holder& each : names_.holders(entity))
            if (std::binary_search(above.begin(), above.end(), each.entity)) return true;
        return false;
    }

    void near_in(Matches& found, const Words& words, int begin, int end, View key, View accented, int holder, int worth) {
        std::vector<std::pair<int, const Inside*>> like;
        const Distance distance(key);
        const uint64_t letters = letters_of(key);
        for (const Inside& held : names_.inside(holder)) {
            const int bound = std::min(worth, std::max(1, held.length / 3));
            if (std::abs(held.length - static_cast<int>(key.size())) > bound || !may_be_near(letters, held.letters, bound)) continue;
            const int edits = distance.to(names_.keys()[held.key], bound);
            if (edits > 0 && edits <= bound) like.emplace_back(edits, &held);
        }
        std::stable_sort(like.begin(), like.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (const auto& [edits, held] : like) {
            const Text& other = names_.keys()[held->key];
            if (has_digits(key) && !same_digits(key, other)) continue;
            const double cost = (costs_.TYPO + costs_.MORE_TYPOS * (edits - 1)) * shortness(other.size());
            std::vector<Written> names;
            for (const Name& name : names_.named(held->key))
                if (std::find(held->units.begin(), held->units.end(), name.entity) != held->units.end())
                    names.push_back({&name, cost + names_.beside_slip(name, other, key, accented), FUZZY});
            take(found, words, begin, end, names);
        }
    }

    void part_twins(Matches& matches, const Words& words) {
        int accented = -1;
        for (const auto& [one, other] : twins(matches)) {
            if (is_ascii(names_.accents(*matches[one].name))) {
                if (accented < 0) {
                    accented = 0;
                    for (const Word& word : words.words) accented |= word.accented() != word.folded();
                }
                if (!accented) continue;
                matches[other].spelling += costs_.NO_TWIN_ACCENTS;
            }
            matches[other].spelling += costs_.TWIN;
            matches[other].cost = matches[other].spelling + matches[other].type;
        }
    }

    // What a type word costs beside a name, or a negative number where it is none of it.
    double type_cost(const TypeWord& word, const Name& name, bool number) const {
        if (name.type < 0 || word.means(name.type)) return word.cost;
        return number ? -1.0 : word.cost + costs_.OTHER_TYPE;
    }

    void add(Matches& found, const Written& written, int begin, int end, double type, bool typed) const {
        const Name& name = *written.name;
        found.push_back({name.entity, begin, end, names_.ranks[name.entity], written.how, written.spelling, type,
                         written.spelling + type, typed, written.name});
    }

    void take(Matches& found, const Words& words, int begin, int end, const std::vector<Written>& names) const {
        const Announced before = words.types_end[begin], after = words.types_after[end];
        const bool number = words.words[begin].number() && end == begin + 1;
        for (const Written& each : names) {
            const int rank = names_.ranks[each.name->entity];
            bool typed = false;
            if (before && before.word->has(rank)) {
                const double penalty = type_cost(*before.word, *each.name, number);
                if (penalty >= 0.0) {
                    add(found, each, before.at, end, penalty, true);
                    typed = !words.types_after[before.at];  // an English one may belong to the name before it
                }
            }
            if (!typed && after && after.word->has(rank)) {
                const double penalty = type_cost(*after.word, *each.name, number);
                if (penalty >= 0.0) {
                    add(found, each, begin, after.at, penalty, true);
                    typed = true;
                }
            }
            if (!(typed || number)) add(found, each, begin, end, 0.0, false);
        }
    }

    Names& names_;
    const Costs& costs_;
    const Limits& limits_;
    Similar similar_;
    Text key_, accented_;
};

inline void Matcher::place(const Words& words, Matches& matches) const {
    const int n = words.size();
    std::vector<char> type_begins(n + 1, 0), begins(n + 1, 0), ends(n + 1, 0);
    std::vector<int> longest(n + 1, 0);
    for (const Announced& announced : words.types_end)
        if (announced) type_begins[announced.at] = 1;
    for (const Match& match : matches) {
        begins[match.begin] = ends[match.end] = 1;
        if (match.how != FUZZY && match.spelling < costs_.ALIAS) longest[match.begin] = std::max(match.end, longest[match.begin]);
    }
    std::vector<Placed> places;
    for (Match& match : matches) {
        const Placed* known = nullptr;
        for (const Placed& place : places)
            if (place.begin == match.begin && place.end == match.end && place.typed == match.typed) known = &place;
        if (known == nullptr) {
            Placed place{match.begin, match.end, match.typed, false, left(words, match), right(words, match, type_begins), 0.0};
            for (int begin = 0; begin <= match.begin; begin++)
                if (longest[begin] - begin > 2 && match.end <= longest[begin] &&
                    !(begin == match.begin && longest[begin] == match.end))
                    place.within = true;
            place.least = costs_.WITHIN * place.within;
            place.least += (ends[match.begin] ? 0.0 : place.left) + (begins[match.end] ? 0.0 : place.right);
            places.push_back(place);
            known = &places.back();
        }
        match.left = known->left;
        match.right = known->right;
        match.within = known->within;
        match.mask = mask_of(match.begin, match.end);
        match.floor = match.cost + known->least;
    }
}

// Whether a number stands right before a word, a letter behind it or not.
inline bool is_number_before(const Words& words, int i) {
    const Word& last = words.words[i - 1];
    if (last.number() || i < 2 || last.length() > 1) return last.number();
    return words.words[i - 2].number() && words.words[i - 2].end == last.start;
}

inline double Matcher::left(const Words& words, const Match& match) const {
    const int i = match.begin;
    if (words.opens[i]) return 0.0;
    if (words.street[i]) return match.typed ? costs_.TYPED_AFTER_STREET : costs_.STREET;
    if (match.typed) return 0.0;
    if (is_number_before(words, i)) return costs_.NUMBER_BEFORE;
    return words.types_end[i] ? costs_.OTHER_TYPE_BESIDE : costs_.RUN_ON;
}

inline double Matcher::right(const Words& words, const Match& match, const std::vector<char>& type_begins) const {
    const int j = match.end;
    if (words.opens[j] || words.country[j]) return 0.0;
    if (words.street_after[j]) return costs_.STREET;
    if (words.words[j].number()) return limits_.is_postcode(words.words[j]) ? costs_.POSTCODE_AFTER : costs_.NUMBER_AFTER;
    const Announced& after = words.types_after[j];
    if (after && !match.typed && (after.at == words.size() || !words.words[after.at].number())) return costs_.OTHER_TYPE_BESIDE;
    if (type_begins[j]) return costs_.TYPE_AFTER;
    return match.typed && match.rank == PROVINCE ? costs_.WORDS_AFTER_PROVINCE : costs_.WORDS_AFTER;
}

}  // namespace geoaddr
