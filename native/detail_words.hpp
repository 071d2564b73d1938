// The words of what the units left over: the twin of geoaddr/interpretation/detail_words.py.
#pragma once

#include <unordered_map>

#include "letters.hpp"

namespace geoaddr::detail {

enum Kind : char {
    STREET, ALLEY, HAMLET, BUILDING, FLOOR, UNIT, POI, LANDMARK, ADMIN, NOTE, NAME, LOT, SHORT_P, HOUSE_NUMBER, POSTCODE, DAY, KINDS
};

constexpr const char32_t* KIND_NAMES[KINDS] = {U"street", U"alley", U"hamlet", U"building", U"floor", U"unit", U"poi", U"landmark", U"admin",
                                               U"note", U"name", U"lot", U"short_p", U"house_number", U"postcode", U"day"};

enum Gap : char { GLUED, BLANK, DOT, SLASH, HYPHEN, WIDE_HYPHEN, PLUS, COLON, BREAK };

struct EntryWord {
    Text kept, folded;
};

// A phrase that opens a part, as a row of text/detail_words.csv says it.
struct Entry {
    std::vector<EntryWord> words;
    Kind part;
    enum Body : char { NUMBER_BODY, NAME_BODY, EITHER, ALONE } body;
    bool at_start_only;
    enum Bare : char { ANY, AT_START, BEFORE_NUMBER, WITH_DOT, NEVER } bare;

    int count() const { return static_cast<int>(words.size()); }
};

struct Keys {
    Text kept, folded;
    bool is_item, is_digits, is_alpha, is_syllable, building_cue, street_cue;
    const std::vector<Entry>* entries;
};

struct Word {
    const Keys* keys;
    int start, end;
    Gap gap;
    bool blank, bracket;

    const Text& folded() const { return keys->folded; }
    const Text& kept() const { return keys->kept; }
    bool is_item() const { return keys->is_item; }
    bool is_digits() const { return keys->is_digits; }
};

using Words = std::vector<Word>;
using Span = std::pair<int, int>;

class WordReader {
  public:
    // by_first: entries by their first word, as (words, part, body, place, bare), the longest first; keys: of a word,
    // where it falls apart and the keys of both pieces; tables: letters without their accents, beginnings and ends of
    // syllables, cues
    WordReader(PyObject* by_first, PyObject* keys, PyObject* tables)
        : keys_(keys), letters_(PyDict_GetItemString(tables, "letters")), onsets_(listed(tables, "onsets")), rimes_(listed(tables, "rimes")),
          building_cues_(listed(tables, "building_cues")), street_cues_(listed(tables, "street_cues")) {
        PyObject *first, *entries;
        for (Py_ssize_t at = 0; PyDict_Next(by_first, &at, &first, &entries);) {
            firsts_.add(text_of(first));
            entries_.emplace_back();
            for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(entries); i++) entries_.back().push_back(entry_of(PyTuple_GET_ITEM(entries, i)));
        }
    }

    void forget() {
        if (known_.size() < MOST_REMEMBERED) return;
        known_.clear();
        pieces_.clear();
    }

    void read(View text, const std::vector<Span>& spans, Words& words) {
        words.clear();
        for (const auto& [start, end] : spans) {
            int depth = 0, last = start;
            for (int at = start; at < end;) {
                int after = at;
                while (after < end && after - at < LONGEST && !is_sign(text[after])) after++;
                if (after == at) {
                    at++;
                    continue;
                }
                add(text, at, after, last, start, depth, words);
                last = at = after;
            }
        }
    }

  private:
    static constexpr int LONGEST = 64;
    static constexpr size_t LONGEST_ITEM = 8, LONGEST_SYLLABLE = 7, LONGEST_ONSET = 3;
    static constexpr size_t MOST_REMEMBERED = 16384;

    struct Pieces {
        int cut;
        Keys first, second;
    };

    static bool is_sign(char32_t c) {
        static const View OTHERS = U"“”„…–—";
        return c < 128 ? SIGNS.is[c] : is_space(c) || OTHERS.find(c) != View::npos;
    }

    // Those of ASCII.
    struct Signs {
        bool is[128] = {};
        Signs() {
            for (char sign : std::string_view(",;:.()[]{}/\\+&\"|?!<>=_*#~^%$-")) is[static_cast<int>(sign)] = true;
            for (char32_t c = 0; c < 128; c++) is[c] = is[c] || is_space(c);
        }
    };
    static inline const Signs SIGNS;

    void add(View text, int at, int after, int last, int start, int& depth, Words& words) {
        const View between = text.substr(last, at - last);
        bool blank = false;
        int opened = 0;
        for (char32_t sign : between) {
            blank = blank || is_space(sign);
            opened += (sign == U'(' || sign == U'[' || sign == U'{') - (sign == U')' || sign == U']' || sign == U'}');
        }
        if (opened) depth = std::max(0, depth + opened);
        const Gap gap = last == start ? BREAK : strength(between);
        const Pieces& pieces = pieces_of(text.substr(at, after - at));
        if (!pieces.cut) {
            words.push_back({&pieces.first, at, after, gap, blank, depth > 0});
            return;
        }
        words.push_back({&pieces.first, at, at + pieces.cut, gap, blank, depth > 0});
        words.push_back({&pieces.second, at + pieces.cut, after, GLUED, false, depth > 0});
    }

    static Gap strength(View between) {
        if (between.empty()) return GLUED;
        View signs = between;
        while (!signs.empty() && is_space(signs.front())) signs.remove_prefix(1);
        while (!signs.empty() && is_space(signs.back())) signs.remove_suffix(1);
        if (signs.empty()) return between.find(U'\n') == View::npos ? BLANK : BREAK;
        if (signs == U"-" || signs == U"–" || signs == U"—") return signs.size() != between.size() ? WIDE_HYPHEN : HYPHEN;
        if (signs == U".") return DOT;
        if (signs == U"/" || signs == U"\\") return SLASH;
        if (signs == U"+" || signs == U"&") return PLUS;
        return signs == U":" || signs == U".:" ? COLON : BREAK;
    }

    const Pieces& pieces_of(View word) {
        const int known = known_.find(word);
        if (known >= 0) return pieces_[known];
        Pieces read{0, {}, {}};
        if (!is_plain(word, read.first)) read = ask(word);
        known_.add(word);
        pieces_.push_back(std::move(read));
        return pieces_.back();
    }

    // Most words are letters alone, or a number, and do not fall apart.
    bool is_plain(View word, Keys& keys) const {
        const bool number = is_number(word);
        if (number)
            keys.kept = keys.folded = Text(word);
        else if (!letters_.read(word, keys.kept, keys.folded) || std::any_of(word.begin(), word.end(), is_ascii_digit))
            return false;
        keys.is_item = number && word.size() <= LONGEST_ITEM;
        keys.is_digits = number;
        keys.is_alpha = !number;
        keys.is_syllable = !number && is_syllable(keys.folded);
        keys.building_cue = building_cues_.find(keys.folded) >= 0;
        keys.street_cue = street_cues_.find(keys.folded) >= 0;
        keys.entries = entries_of(keys.folded);
        return true;
    }

    bool is_syllable(View folded) const {
        if (folded.size() > LONGEST_SYLLABLE) return false;
        for (size_t begin = 0; begin <= LONGEST_ONSET && begin < folded.size(); begin++)
            if ((begin == 0 || onsets_.find(folded.substr(0, begin)) >= 0) && rimes_.find(folded.substr(begin)) >= 0) return true;
        return false;
    }

    Pieces ask(View word) const {
        Owned string(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, word.data(), static_cast<Py_ssize_t>(word.size())));
        Owned answer(PyObject_CallOneArg(keys_, string.get()));
        const int cut = static_cast<int>(whole(PyTuple_GET_ITEM(answer.get(), 0)));
        return {cut, keys_of(PyTuple_GET_ITEM(answer.get(), 1)), keys_of(PyTuple_GET_ITEM(answer.get(), 2))};
    }

    static Numbered listed(PyObject* tables, const char* name) {
        Owned fast(PySequence_Fast(PyDict_GetItemString(tables, name), "a list of words is needed"));
        Numbered found;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); i++) found.add(text_of(PySequence_Fast_GET_ITEM(fast.get(), i)));
        return found;
    }

    const std::vector<Entry>* entries_of(View folded) const {
        const int first = firsts_.find(folded);
        return first < 0 ? nullptr : &entries_[first];
    }

    Keys keys_of(PyObject* said) const {
        const auto is = [said](int at) { return PyTuple_GET_ITEM(said, at) == Py_True; };
        Keys keys{text_of(PyTuple_GET_ITEM(said, 0)), text_of(PyTuple_GET_ITEM(said, 1)), is(2), is(3), is(4), is(5), is(6), is(7), nullptr};
        keys.entries = entries_of(keys.folded);
        return keys;
    }

    template <size_t COUNT>
    static int choice(PyObject* said, const char32_t* const (&names)[COUNT]) {
        const Text text = text_of(said);
        for (size_t i = 0; i < COUNT; i++)
            if (text == names[i]) return static_cast<int>(i);
        PyErr_Format(PyExc_ValueError, "unknown word in the table of details: %R", said);
        throw PythonError();
    }

    static Entry entry_of(PyObject* row) {
        constexpr const char32_t* BODIES[] = {U"number", U"name", U"either", U"alone"};
        constexpr const char32_t* PLACES[] = {U"any", U"start"};
        constexpr const char32_t* BARES[] = {U"any", U"start", U"number", U"dot", U"never", U"apart"};
        Entry entry{{}, static_cast<Kind>(choice(PyTuple_GET_ITEM(row, 1), KIND_NAMES)),
                    static_cast<Entry::Body>(choice(PyTuple_GET_ITEM(row, 2), BODIES)), choice(PyTuple_GET_ITEM(row, 3), PLACES) == 1,
                    static_cast<Entry::Bare>(std::min<int>(choice(PyTuple_GET_ITEM(row, 4), BARES), Entry::NEVER))};
        PyObject* words = PyTuple_GET_ITEM(row, 0);
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(words); i++) {
            PyObject* word = PyTuple_GET_ITEM(words, i);
            entry.words.push_back({text_of(PyTuple_GET_ITEM(word, 0)), text_of(PyTuple_GET_ITEM(word, 1))});
        }
        return entry;
    }

    PyObject* keys_;
    Letters letters_;
    Numbered onsets_, rimes_, building_cues_, street_cues_;
    Numbered firsts_, known_;
    std::deque<std::vector<Entry>> entries_;
    std::deque<Pieces> pieces_;
};

}  // namespace geoaddr::detail
