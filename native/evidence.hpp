// The parts of the line, and the units that they name: the twin of geoaddr/interpretation/evidence.py.
#pragma once

#include "matching.hpp"

namespace geoaddr {

enum Relation : char { UNRELATED, BESIDE, RELATED, OF_OTHER_ERA };

// What is noted of entities while one text is read, cleared by counting on.
class Notes {
  public:
    explicit Notes(size_t entities) : all_(entities) {}

    struct Note {
        uint32_t when = 0;
        Mask names = 0;    // the stretches that name it, by their numbers
        Mask beside = 0;   // the stretches that name a commune which it may hold
        int first = -1;    // where its matches begin among those of the text
        int near = 0;      // where a commune stands that it holds: 0 nowhere, -1 at several places
        bool higher = false;
    };

    void next() { now_++; }

    Note& of(int entity) {
        Note& note = all_[entity];
        if (note.when != now_) note = Note{now_};
        return note;
    }

    const Note* known(int entity) const { return all_[entity].when == now_ ? &all_[entity] : nullptr; }

  private:
    std::vector<Note> all_;
    uint32_t now_ = 0;
};

// A stretch of words that names units: with a type word, or by standing alone in its part of the line.
struct Named {
    Mask mask;
    int begin, end, typed_ranks = 0;
    std::vector<int> entities{};
};

struct LinePart {
    Mask mask;
    int typed_ranks;
    std::vector<int> named;
};

class Evidence {
  public:
    std::vector<int> last;  // what is named last, where the highest level stands; in order
    bool has_names = false;

    Evidence(const Words& words, Names& names, const Costs& costs, const Limits& limits, Notes& notes, const Matches& matches)
        : names_(names), costs_(costs), notes_(notes) {
        for (const Match& match : matches) add(words, match);
        split(words, limits);
        const auto latest = std::max_element(named_.begin(), named_.end(), [](const Named& a, const Named& b) { return a.mask < b.mask; });
        if (latest == named_.end()) return;
        has_names = true;
        last = latest->entities;
        std::sort(last.begin(), last.end());
    }

    // What each stretch that names something is to an entity.
    void relations(int leaf, std::vector<Relation>& found) {
        Mask related = 0, of_other_era = 0, beside = 0;
        if (const auto* note = notes_.known(leaf)) {
            related |= note->names;
            beside |= note->beside;
        }
        for (const Holder& holder : names_.holders(leaf))
            if (const auto* note = notes_.known(holder.entity)) {
                (holder.mixed ? of_other_era : related) |= note->names;
                beside |= note->beside;
            }
        found.resize(named_.size());
        for (size_t i = 0; i < named_.size(); i++) {
            const Mask bit = (Mask)1 << i;
            found[i] = related & bit ? RELATED : of_other_era & bit ? OF_OTHER_ERA : beside & bit ? BESIDE : UNRELATED;
        }
    }

    double unused(Mask taken, Mask region, const std::vector<Relation>& relations, int ranks, bool stated, bool is_new) const {
        double cost = 0.0;
        for (const LinePart& part : parts_) {
            const Mask free = part.mask & ~taken;
            if (!free) continue;
            const bool within = (free & region) != 0;
            double worst;
            if (within) {
                const bool all_free = !(taken & part.mask);
                worst = all_free && part.typed_ranks ? costs_.UNUSED_TYPED : costs_.UNUSED_WORDS;
                if (is_new && all_free && part.typed_ranks == 1 << DISTRICT) worst += costs_.OLD_DISTRICT;
            } else {
                const bool unknown = part.typed_ranks && !(part.typed_ranks & ranks) && part.named.empty();
                worst = unknown ? costs_.UNUSED_TYPED : 0.0;
            }
            for (int number : part.named) {
                const Named& named = named_[number];
                if (named.mask & taken) continue;
                const Relation relation = relations[number];
                if (relation >= RELATED) {
                    double again = relation == RELATED ? costs_.SAID_AGAIN : costs_.OLD_DISTRICT;
                    if (named.typed_ranks && !(named.typed_ranks & ranks)) again = costs_.UNUSED_UNIT;  // not even read
                    worst = within ? again : 0.0;
                    break;
                }
                worst = std::max(worst, passed_over(named, region, ranks, relation == BESIDE, stated));
            }
            cost += worst;
        }
        return std::min(costs_.UNUSED_MOST, cost);
    }

  private:
    void add(const Words& words, const Match& match) {
        const bool alone = words.opens[match.begin] && words.opens[match.end];
        if (!(match.typed || alone) || match.how == FUZZY) return;
        size_t number = 0;
        while (number < named_.size() && (named_[number].begin != match.begin || named_[number].end != match.end)) number++;
        if (number == named_.size()) {
            if (number >= MOST_WORDS) throw TooLong();
            named_.push_back({match.mask, match.begin, match.end});
        }
        Named& named = named_[number];
        const Mask bit = (Mask)1 << number;
        named.entities.push_back(match.entity);
        notes_.of(match.entity).names |= bit;
        if (match.typed) named.typed_ranks |= 1 << match.rank;
        if (alone && match.rank == COMMUNE)
            for (const Holder& holder : names_.holders(match.entity)) notes_.of(holder.entity).beside |= bit;
    }

    void split(const Words& words, const Limits& limits) {
        int begin = 0;
        for (int end = 1; end <= words.size(); end++) {
            if (!words.opens[end]) continue;
            LinePart part{0, 0, {}};
            for (int i = begin; i < end; i++) {
                if (!(words.country[i] || limits.is_postcode(words.words[i]))) part.mask |= (Mask)1 << i;
                const Announced& announced = words.types_end[i + 1];
                if (announced && announced.word->cost == 0.0) part.typed_ranks |= announced.word->ranks;
            }
            if (part.mask) {
                const Mask all = mask_of(begin, end);
                for (size_t number = 0; number < named_.size(); number++)
                    if (named_[number].mask & all) part.named.push_back(static_cast<int>(number));
                parts_.push_back(std::move(part));
            }
            begin = end;
        }
    }

    // What it costs to leave a stretch unused that names other units.
    double passed_over(const Named& named, Mask region, int ranks, bool beside, bool stated) const {
        if (named.typed_ranks) {
            const bool expected = (named.mask & region) || !(named.typed_ranks & ranks);
            return expected || beside ? costs_.UNUSED_TYPED : 0.0;
        }
        if (named.mask & region) return costs_.UNUSED_UNIT;
        // beside a commune with its type word, a bare name is likelier a street or a hamlet
        return named.begin && beside && !stated ? costs_.UNUSED_FITTING : 0.0;
    }

    Names& names_;
    const Costs& costs_;
    Notes& notes_;
    std::vector<Named> named_;
    std::vector<LinePart> parts_;
};

}  // namespace geoaddr
