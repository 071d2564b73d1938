// How far two names are apart: the twin of geoaddr/interpretation/spelling.py.
#pragma once

#include <algorithm>
#include <unordered_map>

#include "common.hpp"

namespace geoaddr {

// The letters that two words have in common at the beginning, and then at the end.
inline std::pair<size_t, size_t> shared_ends(View a, View b) {
    const size_t most = std::min(a.size(), b.size());
    size_t head = 0, tail = 0;
    while (head < most && a[head] == b[head]) head++;
    while (tail < most - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) tail++;
    return {head, tail};
}

// Whether two different words become the same when a letter is left out of one, or of each.
inline bool one_left_out(View a, View b) {
    if (a.size() < b.size()) std::swap(a, b);
    const auto [head, tail] = shared_ends(a, b);
    const View rest_a = a.substr(head, a.size() - tail - head), rest_b = b.substr(head, b.size() - tail - head);
    if (a.size() > b.size()) return a.size() == b.size() + 1 && rest_b.empty();
    if (rest_a.empty()) return false;
    return rest_a.substr(1) == rest_b.substr(0, rest_b.size() - 1) ||
           rest_a.substr(0, rest_a.size() - 1) == rest_b.substr(1);
}

// 1 when one letter is added, left out, replaced, or two neighbours are swapped; 0 when equal; else 2.
inline int edits_between(View a, View b) {
    if (a == b) return 0;
    const auto [head, tail] = shared_ends(a, b);
    const View rest_a = a.substr(head, a.size() - tail - head), rest_b = b.substr(head, b.size() - tail - head);
    if (std::max(rest_a.size(), rest_b.size()) <= 1) return 1;
    return rest_a.size() == 2 && rest_b.size() == 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] ? 1 : 2;
}

// The Levenshtein distance from one word, of 64 letters at the most, to others: by bits (Myers 1999, Hyyrö 2003).
class Distance {
  public:
    explicit Distance(View word) : word_(word) {
        for (size_t i = 0; i < word.size(); i++) {
            if (word[i] < 128)
                ascii_[word[i]] |= 1ULL << i;
            else
                others_.emplace_back(word[i], 1ULL << i);
        }
    }

    // A greater number than most where it is greater.
    int to(View other, int most) const {
        const int length = static_cast<int>(word_.size());
        if (std::abs(length - static_cast<int>(other.size())) > most) return most + 1;
        if (length == 0) return static_cast<int>(other.size());
        const uint64_t last = 1ULL << (length - 1);
        uint64_t plus = ~0ULL, minus = 0;
        int edits = length;
        for (char32_t letter : other) {
            const uint64_t same = places(letter);
            const uint64_t diagonal = (((same & plus) + plus) ^ plus) | same | minus;
            const uint64_t more = minus | ~(diagonal | plus), less = plus & diagonal;
            edits += ((more & last) != 0) - ((less & last) != 0);
            const uint64_t shifted = more << 1 | 1;
            plus = (less << 1) | ~(diagonal | shifted);
            minus = shifted & diagonal;
        }
        return edits;
    }

  private:
    uint64_t places(char32_t letter) const {
        if (letter < 128) return ascii_[letter];
        uint64_t found = 0;
        for (const auto& [other, place] : others_)
            if (other == letter) found |= place;
        return found;
    }

    View word_;
    uint64_t ascii_[128] = {};
    std::vector<std::pair<char32_t, uint64_t>> others_;
};

// The letters of a word as bits; letters that share one make words look more alike.
inline uint64_t letters_of(View word) {
    uint64_t found = 0;
    for (char32_t letter : word) found |= 1ULL << (letter & 63);
    return found;
}

// Whether so few edits may lead from one word to another: each brings one letter in and takes one out at most.
inline bool may_be_near(uint64_t letters, uint64_t others, int most) {
    return __builtin_popcountll(letters & ~others) <= most && __builtin_popcountll(others & ~letters) <= most;
}

inline bool is_digit(char32_t letter) { return Py_UNICODE_ISDIGIT(letter); }

inline bool has_digits(View key) { return std::any_of(key.begin(), key.end(), is_digit); }

inline bool same_digits(View a, View b) {
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a.size() && !is_digit(a[i])) i++;
        while (j < b.size() && !is_digit(b[j])) j++;
        if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
        if (a[i++] != b[j++]) return false;
    }
}

// A typo in a short name is likelier to be another name.
inline double shortness(size_t letters) { return letters >= 7 ? 1.0 : letters >= 5 ? 1.4 : 1.8; }

// The keys that differ from a misspelt one by a letter or two, one left out on either side, by an index of all keys
// with a letter left out; built when first asked.
class Similar {
  public:
    Similar(const Numbered& keys, int fuzzy_from) : keys_(keys), fuzzy_from_(static_cast<size_t>(fuzzy_from)) {}

    // In the order of their letters.
    const std::vector<int>& of(View key) {
        const int known = asked_.find(key);
        if (known >= 0) return answers_[known];
        if (index_.empty()) build();
        std::vector<int> found;
        shortened(key, [&](uint64_t hashed) { collect(found, key, hashed); });
        std::sort(found.begin(), found.end(), [&](int a, int b) { return keys_[a] < keys_[b]; });
        found.erase(std::unique(found.begin(), found.end()), found.end());
        if (answers_.size() >= MOST_REMEMBERED) {
            asked_.clear();
            answers_.clear();
        }
        asked_.add(key);
        answers_.push_back(std::move(found));
        return answers_.back();
    }

  private:
    static constexpr size_t MOST_REMEMBERED = 16384, LONGEST = 256;
    static constexpr int BITS = 16;

    // The hashes of a key with one letter left out, whichever it is, and with none.
    template <typename Use>
    static void shortened(View key, Use use) {
        constexpr uint64_t BASE = 0x9e3779b97f4a7c15ULL;
        const auto mixed = [](uint64_t value) { return (value ^ (value >> 32)) * BASE; };
        uint64_t after[LONGEST + 1], power[LONGEST + 1];  // the sum of what follows a letter, and what goes before that is worth
        if (key.size() > LONGEST) return;
        after[key.size()] = 0;
        power[key.size()] = 1;
        for (size_t at = key.size(); at-- > 0;) {
            after[at] = after[at + 1] + (key[at] + 1) * power[at + 1];
            power[at] = power[at + 1] * BASE;
        }
        use(mixed(after[0]));
        uint64_t before = 0;
        for (size_t out = 0; out < key.size(); out++) {
            use(mixed(before * power[out + 1] + after[out + 1]));
            before = before * BASE + (key[out] + 1);
        }
    }

    bool meant(View key, View other) const {
        if (other.size() + 1 == key.size()) return true;  // a letter too many: numbers and short names too
        if (other.size() < fuzzy_from_) return false;
        return !std::all_of(other.begin(), other.end(), is_digit);
    }

    void collect(std::vector<int>& found, View key, uint64_t hashed) const {
        const size_t bucket = hashed >> (64 - BITS);
        for (uint32_t at = begins_[bucket]; at < begins_[bucket + 1]; at++) {
            if (index_[at].first != hashed) continue;
            const Text& other = keys_[index_[at].second];
            if (meant(key, other) && one_left_out(key, other)) found.push_back(index_[at].second);
        }
    }

    // By the first bits of their hashes.
    void build() {
        std::vector<std::pair<uint64_t, int>> all;
        begins_.assign((size_t{1} << BITS) + 1, 0);
        for (size_t number = 0; number < keys_.size(); number++)
            shortened(keys_[static_cast<int>(number)], [&](uint64_t hashed) {
                all.emplace_back(hashed, static_cast<int>(number));
                begins_[(hashed >> (64 - BITS)) + 1]++;
            });
        for (size_t bucket = 1; bucket < begins_.size(); bucket++) begins_[bucket] += begins_[bucket - 1];
        index_.resize(all.size());
        std::vector<uint32_t> next(begins_.begin(), begins_.end() - 1);
        for (const auto& each : all) index_[next[each.first >> (64 - BITS)]++] = each;
    }

    const Numbered& keys_;
    size_t fuzzy_from_;
    std::vector<std::pair<uint64_t, int>> index_;
    std::vector<uint32_t> begins_;
    Numbered asked_;
    std::deque<std::vector<int>> answers_;
};

}  // namespace geoaddr
