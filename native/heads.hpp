// What may be named before the units of an address: the twin of geoaddr/interpretation/heads.py.
#pragma once

#include "matching.hpp"

namespace geoaddr {

using Set = std::vector<int>;  // in order, each once

inline void make_set(Set& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

inline bool has(const Set& set, int number) { return std::binary_search(set.begin(), set.end(), number); }

inline bool share(const Set& a, const Set& b) {
    if (a.size() > b.size()) return share(b, a);
    if (16 * a.size() < b.size())
        return std::any_of(a.begin(), a.end(), [&](int number) { return has(b, number); });
    for (auto one = a.begin(), other = b.begin(); one != a.end() && other != b.end();) {
        if (*one == *other) return true;
        if (*one < *other) ++one;
        else ++other;
    }
    return false;
}

// What some words may name; which of it is higher than a commune; what may hold any of it.
struct HeadName {
    Set entities, higher, holders;
    bool only_after_type = false;  // a numeral, which is a name after a type word alone
};

struct Head {
    struct Said {
        const HeadName* name;
        bool alone;  // all of its part of the line, and not the first
    };
    std::vector<Said> names;
    bool typed;
    int words;
};

class HeadReader {
  public:
    HeadReader(Names& names, WordReader& reader, const Limits& limits)
        : names_(names), reader_(reader), limits_(limits), begun_(size_t{1} << BITS) {
        for (const Numbered* all : {&names.keys(), &names.shortened_keys(), &names.numerals()})
            for (size_t at = 0; at < all->size(); at++) add((*all)[static_cast<int>(at)]);
        named_.resize(said_.size());
    }

    // False where the text may be more than a head.
    bool read(View text, Head& head) {
        reader_.read(text, words_);
        const int n = words_.size();
        if (!n || std::any_of(words_.country.begin(), words_.country.end(), [](char is) { return is; })) return false;
        if (text.substr(words_.words[n - 1].end).find(U'/') != View::npos) return false;
        head.names.clear();
        head.typed = words_.typed || words_.english;
        head.words = n;
        districts_.clear();
        for (int i = 0; i < n; i++)
            if (!read_from(i, head)) return false;
        return true;
    }

  private:
    static constexpr int BITS = 22;

    // Words of any name, and what they may begin with.
    void add(const Text& letters) {
        said_.add(letters);
        uint64_t value = Numbered::NO_LETTERS;
        for (char32_t letter : letters) {
            value = Numbered::with_letters(value, View(&letter, 1));
            begun_[place(value)] = true;
        }
    }

    static size_t place(uint64_t value) { return Numbered::mixed(value) & ((size_t{1} << BITS) - 1); }

    bool read_from(int i, Head& head) {
        const int n = words_.size();
        const bool after_type = bool(words_.types_end[i]);
        key_.clear();
        uint64_t value = Numbered::NO_LETTERS;
        for (int j = i; j < std::min(i + limits_.name_words, n); j++) {
            if (j > i && words_.hard[j]) break;
            const Text& letters = words_.words[j].folded();
            value = Numbered::with_letters(value, letters);
            if (!begun_[place(value)]) break;  // no name goes on like this
            key_ += letters;
            if (words_.words[i].number() && j == i && !after_type) continue;
            const int said = said_.find(key_, value);
            const HeadName* name = said < 0 ? nullptr : named(said, after_type);
            if (name == nullptr) continue;
            for (const auto& [end, units] : districts_)
                if (end <= i && share(name->holders, *units)) return false;  // an address written backwards
            if (!name->higher.empty()) districts_.emplace_back(j + 1, &name->higher);
            head.names.push_back({name, i && words_.opens[i] && words_.opens[j + 1]});
        }
        return true;
    }

    const HeadName* named(int said, bool after_type) {
        const HeadName* known = named_[said].get();
        if (known != nullptr) return known->only_after_type && !after_type ? nullptr : known;
        const int key = names_.key(key_), shortened = names_.shortened_key(key_);
        const bool numeral = names_.is_numeral(key_);
        named_[said] = std::make_unique<HeadName>();
        HeadName& name = *named_[said];
        name.only_after_type = key < 0 && shortened < 0;
        const auto add = [&](const std::vector<Name>& names) {
            for (const Name& each : names) name.entities.push_back(each.entity);
        };
        if (key >= 0) add(names_.named(key));
        if (shortened >= 0) add(names_.shortened(shortened));
        if (numeral && names_.number_of_numeral(key_) >= 0) add(names_.named(names_.number_of_numeral(key_)));
        make_set(name.entities);
        for (int entity : name.entities) {
            if (names_.ranks[entity] != COMMUNE) name.higher.push_back(entity);
            for (const Holder& holder : names_.holders(entity)) name.holders.push_back(holder.entity);
        }
        make_set(name.holders);
        return this->named(said, after_type);
    }

    Names& names_;
    WordReader& reader_;
    const Limits& limits_;
    Words words_;
    Text key_;
    std::vector<std::pair<int, const Set*>> districts_;
    Numbered said_;
    std::vector<bool> begun_;  // by what is known of the first letters of names; of some others too
    std::vector<std::unique_ptr<HeadName>> named_;
};

}  // namespace geoaddr
