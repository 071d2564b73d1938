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
    HeadReader(Names& names, WordReader& reader, const Limits& limits, size_t most)
        : names_(names), reader_(reader), limits_(limits), most_(most) {}

    void forget() {
        if (keys_.size() < most_) return;
        keys_.clear();
        named_.clear();
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
    bool read_from(int i, Head& head) {
        const int n = words_.size();
        const bool after_type = bool(words_.types_end[i]);
        key_.clear();
        for (int j = i; j < std::min(i + limits_.name_words, n); j++) {
            if (j > i && words_.hard[j]) break;
            key_ += words_.words[j].folded();
            if (words_.words[i].number() && j == i && !after_type) continue;
            const HeadName* name = named(after_type);
            if (name == nullptr) continue;
            for (const auto& [end, units] : districts_)
                if (end <= i && share(name->holders, *units)) return false;  // an address written backwards
            if (!name->higher.empty()) districts_.emplace_back(j + 1, &name->higher);
            head.names.push_back({name, i && words_.opens[i] && words_.opens[j + 1]});
        }
        return true;
    }

    const HeadName* named(bool after_type) {
        const int key = names_.key(key_), shortened = names_.shortened_key(key_);
        const bool numeral = names_.is_numeral(key_);
        if (key < 0 && shortened < 0 && !(after_type && numeral)) return nullptr;
        const int known = keys_.find(key_);
        if (known >= 0) return &named_[known];
        HeadName name;
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
        keys_.add(key_);
        named_.push_back(std::move(name));
        return &named_.back();
    }

    Names& names_;
    WordReader& reader_;
    const Limits& limits_;
    size_t most_;
    Words words_;
    Text key_;
    std::vector<std::pair<int, const Set*>> districts_;
    Numbered keys_;
    std::deque<HeadName> named_;
};

}  // namespace geoaddr
