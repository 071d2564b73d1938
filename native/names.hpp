// Units, the names that they answer to, and which hold which: the twin of geoaddr/interpretation/dictionary.py and
// written.py.
#pragma once

#include <cmath>
#include <unordered_map>

#include "lexicon.hpp"
#include "spelling.hpp"

namespace geoaddr {

struct Name {
    int entity;
    int type;         // the number of its type, or -1
    PyObject* text;   // as written in full; kept alive by the lists that the engine was made from
    bool alias;
    mutable Text accents{};  // its letters with accents, without blanks, once asked for
    mutable bool read = false;
};

// A name that words may be, and what that writing of it costs.
struct Written {
    const Name* name;
    double spelling;
    How how;
};

struct Holder {
    int entity;
    bool mixed;  // of the other era
};

// A key of units that may be written with a higher one.
struct Inside {
    int key, length;
    uint64_t letters;
    std::vector<int> units;
};

class Names {
  public:
    std::vector<int> ranks, eras, parents;
    Numbered types;

    int kind(int entity) const { return 2 * ranks[entity] + (eras[entity] == OLD); }

    Names(PyObject* tables, const Costs& costs, PyObject* accents) : costs_(costs), accents_of_(accents) {
        ranks = wholes(item(tables, "ranks"));
        eras = wholes(item(tables, "eras"));
        parents = wholes(item(tables, "parents"));
        unit_keys_ = wholes(item(tables, "unit_keys"));
        of_row_ = wholes(item(tables, "of_row"));
        starts_ = wholes(item(tables, "starts"));
        rows_ = wholes(item(tables, "rows"));
        types_ = wholes(item(tables, "types"));
        texts_ = item(tables, "texts");
        unit_names_ = item(tables, "unit_names");
        rows_of_.resize(ranks.size());
        for (size_t row = 0; row < of_row_.size(); row++) rows_of_[of_row_[row]].push_back(static_cast<int>(row));
        read_types(item(tables, "type_words"));
        read_keys(item(tables, "keys"));
        read_links(item(tables, "links"));
        holders_.resize(ranks.size());
        held_known_.assign(ranks.size(), 0);
        read_roman(item(tables, "roman"));
        read_shortened(item(tables, "shortened"));
    }

    const Numbered& keys() const { return keys_; }
    const Numbered& shortened_keys() const { return shortened_keys_; }
    const Numbered& numerals() const { return numerals_; }
    int key(View letters) const { return keys_.find(letters); }
    int shortened_key(View letters) const { return shortened_keys_.find(letters); }
    const std::vector<Name>& shortened(int key) const { return shortened_[key]; }

    // For the key of a numeral as names have it that of the number, else -1.
    int number_of_numeral(View letters) const {
        const int at = numerals_.find(letters);
        return at < 0 ? -1 : numbers_[at];
    }
    bool is_numeral(View letters) const { return numerals_.find(letters) >= 0; }

    // The names of a key, each once.
    const std::vector<Name>& named(int key) {
        if (named_[key] == nullptr) named_[key] = make_names(key);
        return *named_[key];
    }

    // Before a text: what was written otherwise so often is not kept for ever.
    void forget() {
        if (writings_ < MOST_REMEMBERED) return;
        for (auto& known : written_) known.clear();
        writings_ = 0;
    }

    // The names of a key, as written with accents; number: as one number.
    const std::vector<Written>& in_full(int key, View accented, bool number) {
        auto& known = written_[key];
        for (const auto& each : known)
            if (each->number == number && each->accented == accented) return each->names;
        writings_++;
        auto made = std::make_unique<Writing>(Writing{Text(accented), number, {}});
        const auto& names = named(key);
        for (const Name& name : names) made->names.push_back(written(name, key, accented, number, names));
        known.push_back(std::move(made));
        return known.back()->names;
    }

    // What the accents of a misspelt name cost where they disagree beyond the letters that the typo changed.
    double beside_slip(const Name& name, View meant, View key, View accented) const {
        const View its = accents(name);
        if (key == accented || its == meant || key.size() != accented.size() || meant.size() != its.size()) return 0.0;
        const auto [head, tail] = shared_ends(key, meant);
        const Text a = Text(accented.substr(0, head)) + Text(accented.substr(key.size() - tail));
        const Text b = Text(its.substr(0, head)) + Text(its.substr(meant.size() - tail));
        return costs_.OTHER_ACCENTS_BESIDE * other_letters(a, b);
    }

    const Text& accents(const Name& name) const {
        if (!name.read && plain_accents(text_of(name.text), name.accents)) name.read = true;
        if (!name.read) {
            Owned answer(PyObject_CallOneArg(accents_of_, name.text));
            name.accents = text_of(answer.get());
            name.read = true;
        }
        return name.accents;
    }

    // Those of higher levels that an entity may be written with; in the order of Dictionary.holders.
    const std::vector<Holder>& holders(int entity) {
        auto& mine = holders_[entity];
        if (held_known_[entity]) return mine;
        held_known_[entity] = 1;
        for (int above = parents[entity]; above >= 0; above = parents[above]) add_holder(mine, above, false);
        for (int old : made_of_[entity]) {
            for (int above = parents[old]; above >= 0; above = parents[above]) add_holder(mine, above, true);
            if (ranks[old] == DISTRICT) add_holder(mine, old, true);
        }
        for (int province : provinces_[entity]) add_holder(mine, province, true);
        return mine;
    }

    // 0 or 1 for a holder of an entity that is of its own era or not, else -1.
    int held(int entity, int holder) {
        for (const Holder& each : holders(entity))
            if (each.entity == holder) return each.mixed;
        return -1;
    }

    bool same_province(int one, int other) {
        for (const Holder& each : holders(other))
            if (ranks[each.entity] == PROVINCE && held(one, each.entity) >= 0) return true;
        return false;
    }

    // The keys of all units that may be written with a higher one, in order, each with the units that it names.
    const std::vector<Inside>& inside(int holder) {
        auto known = inside_.find(holder);
        if (known != inside_.end()) return known->second;
        if (keys_of_.empty()) index_entities();
        std::vector<std::pair<int, int>> found;
        for (int entity : held_by_[holder])
            for (int key : keys_of_[entity]) found.emplace_back(key, entity);
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Inside> sorted;
        for (const auto& [key, entity] : found) {
            if (sorted.empty() || sorted.back().key != key)
                sorted.push_back({key, static_cast<int>(keys_[key].size()), letters_of(keys_[key]), {}});
            auto& units = sorted.back().units;
            if (std::find(units.begin(), units.end(), entity) == units.end()) units.push_back(entity);
        }
        std::sort(sorted.begin(), sorted.end(), [&](const Inside& a, const Inside& b) { return keys_[a.key] < keys_[b.key]; });
        return inside_.emplace(holder, std::move(sorted)).first->second;
    }

  private:
    static constexpr size_t MOST_REMEMBERED = 65536;

    struct Writing {
        Text accented;
        bool number;
        std::vector<Written> names;
    };

    static PyObject* item(PyObject* tables, const char* name) {
        PyObject* found = PyDict_GetItemString(tables, name);
        if (found == nullptr) {
            PyErr_SetString(PyExc_KeyError, name);
            throw PythonError();
        }
        return found;
    }

    void read_types(PyObject* words) {
        for (Py_ssize_t i = 0; i < PySequence_Size(words); i++) {
            Owned word(PySequence_GetItem(words, i));
            types.add(text_of(word.get()));
        }
        type_words_ = static_cast<int>(types.size());
    }

    void read_keys(PyObject* keys) {
        PyObject *key, *places;
        for (Py_ssize_t at = 0; PyDict_Next(keys, &at, &key, &places);) {
            keys_.add(text_of(key));
            places_.push_back(wholes(places));
        }
        named_.resize(keys_.size());
        written_.resize(keys_.size());
    }

    void read_links(PyObject* links) {
        made_of_.resize(ranks.size());
        provinces_.resize(ranks.size());
        const auto add = [](std::vector<int>& to, int province) {
            if (std::find(to.begin(), to.end(), province) == to.end()) to.push_back(province);
        };
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(links); i++) {
            PyObject* link = PyList_GET_ITEM(links, i);
            const int old = static_cast<int>(whole(PyTuple_GET_ITEM(link, 0)));
            const int after = static_cast<int>(whole(PyTuple_GET_ITEM(link, 1)));
            if (ranks[after] == PROVINCE) continue;
            made_of_[after].push_back(old);
            const int province = parents[after], above = parents[old];
            if (province < 0) continue;
            add(provinces_[old], province);
            if (above >= 0 && ranks[above] == DISTRICT) add(provinces_[above], province);
        }
    }

    void read_roman(PyObject* roman) {
        PyObject *numeral, *number;
        for (Py_ssize_t at = 0; PyDict_Next(roman, &at, &numeral, &number);) {
            numerals_.add(text_of(numeral));
            numbers_.push_back(keys_.find(text_of(number)));
        }
    }

    void read_shortened(PyObject* shortened) {
        PyObject *key, *names;
        for (Py_ssize_t at = 0; PyDict_Next(shortened, &at, &key, &names);) {
            shortened_keys_.add(text_of(key));
            shortened_.emplace_back();
            for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) {
                PyObject* each = PyList_GET_ITEM(names, i);
                PyObject* type = PyTuple_GET_ITEM(each, 1);
                shortened_.back().push_back({static_cast<int>(whole(PyTuple_GET_ITEM(each, 0))),
                                             type == Py_None ? -1 : types.add(text_of(type)),
                                             PyTuple_GET_ITEM(each, 2), true});
            }
        }
    }

    static bool same(PyObject* a, PyObject* b) { return a == b || PyUnicode_Compare(a, b) == 0; }

    std::unique_ptr<std::vector<Name>> make_names(int key) const {
        auto found = std::make_unique<std::vector<Name>>();
        for (int place : places_[key]) {
            const size_t first_here = found->size();
            for (int i = starts_[place]; i < starts_[place + 1]; i++) {
                const int row = rows_[i], entity = of_row_[row];
                PyObject* own = PyList_GET_ITEM(unit_names_, row);
                PyObject* text = PyList_GET_ITEM(texts_, i);
                const bool given = PyUnicode_GET_LENGTH(text) > 0;
                bool alias = given;
                for (int mine : rows_of_[entity])
                    if (alias && same(PyList_GET_ITEM(unit_names_, mine), text)) alias = false;
                const Name name{entity, types_[i] < type_words_ ? types_[i] : -1, given ? text : own, alias};
                bool known = false;
                for (size_t j = first_here; j < found->size() && !known; j++) {
                    const Name& other = (*found)[j];
                    known = other.entity == entity && other.type == name.type && other.alias == alias &&
                            same(other.text, name.text);
                }
                if (!known) found->push_back(name);
            }
        }
        return found;
    }

    // How many units beside one another, of whatever time, have this other name: each is as likely meant.
    int sharing(const Name& name, const std::vector<Name>& names) const {
        std::vector<int> units;
        for (const Name& other : names) {
            if (!other.alias || other.type != name.type || parents[other.entity] != parents[name.entity]) continue;
            const int unit = unit_keys_[other.entity];
            if (same(other.text, name.text) && std::find(units.begin(), units.end(), unit) == units.end())
                units.push_back(unit);
        }
        return static_cast<int>(units.size());
    }

    Written written(const Name& name, int key, View accented, bool number, const std::vector<Name>& names) const {
        How how = name.alias ? ALIAS : EXACT;
        double spelling = name.alias ? costs_.ALIAS + std::log(static_cast<double>(sharing(name, names))) : 0.0;
        if (!(number || accents(name) == accented)) {
            if (keys_[key] == accented || (name.alias && PyUnicode_IS_ASCII(name.text)))
                spelling += costs_.NO_ACCENTS;  // of some old names no more is known
            else
                spelling += costs_.OTHER_ACCENTS * other_letters(accented, accents(name));
            if (how == EXACT) how = NO_ACCENTS;
        }
        return {&name, spelling, how};
    }

    double other_letters(View a, View b) const {
        if (a.size() != b.size()) return 1.0;
        double sum = 0.0;
        for (size_t i = 0; i < a.size(); i++)
            if (a[i] != b[i]) sum += a[i] < 128 ? costs_.MISSING_ACCENT : 1.0;
        return std::min(3.0, sum);
    }

    void add_holder(std::vector<Holder>& to, int entity, bool mixed) const {
        for (const Holder& each : to)
            if (each.entity == entity) return;
        to.push_back({entity, mixed});
    }

    void index_entities() {
        keys_of_.resize(ranks.size());
        for (size_t key = 0; key < places_.size(); key++)
            for (int place : places_[key])
                for (int i = starts_[place]; i < starts_[place + 1]; i++)
                    keys_of_[of_row_[rows_[i]]].push_back(static_cast<int>(key));
        held_by_.resize(ranks.size());
        for (size_t entity = 0; entity < ranks.size(); entity++)
            for (const Holder& each : holders(static_cast<int>(entity)))
                held_by_[each.entity].push_back(static_cast<int>(entity));
    }

    const Costs& costs_;
    PyObject* accents_of_;
    PyObject *texts_, *unit_names_;
    std::vector<int> unit_keys_, of_row_, starts_, rows_, types_;
    int type_words_ = 0;
    size_t writings_ = 0;
    std::vector<std::vector<int>> rows_of_, places_, made_of_, provinces_;
    Numbered keys_, shortened_keys_, numerals_;
    std::vector<int> numbers_;
    std::vector<std::unique_ptr<std::vector<Name>>> named_;
    std::vector<std::vector<std::unique_ptr<Writing>>> written_;
    std::deque<std::vector<Name>> shortened_;
    std::vector<std::vector<Holder>> holders_;
    std::vector<char> held_known_;
    std::unordered_map<int, std::vector<Inside>> inside_;
    std::vector<std::vector<int>> keys_of_, held_by_;
};

}  // namespace geoaddr
