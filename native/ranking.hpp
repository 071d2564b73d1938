// Which matches together make a reading, and what it costs: the twin of geoaddr/interpretation/ranking.py.
#pragma once

#include "evidence.hpp"

namespace geoaddr {

enum Part { SPELLING, TYPE, PLACE, MISSING, UNUSED, ERA, PARTS };

struct Ranked {
    int leaf;
    int count;
    Match chosen[3];
    double parts[PARTS];
    double cost;
};

// What all readings of one engine share.
struct Tables {
    Names& names;
    const Costs& costs;
    const Limits& limits;
    Notes& notes;
    double missing[2 * COMMUNE + 2][4];  // as MISSING of ranking.py: 1 a district is named, 2 a province
};

class Ranker {
  public:
    Matches matches;

    Ranker(const Words& words, Tables& tables, const Matcher& matcher, Matches&& found)
        : matches(std::move(found)), length_(words.size()), tables_(tables), names_(tables.names), costs_(tables.costs),
          notes_(tables.notes) {
        notes_.next();
        matcher.place(words, matches);
        evidence_ = std::make_unique<Evidence>(words, names_, costs_, tables.limits, notes_, matches);
        gather();
        look_around(words);
    }

    std::vector<Ranked> ranked(size_t limit, bool wide) {
        double most = INF;
        std::vector<Ranked> found;
        std::vector<Leaf> leaves = this->leaves();
        if (leaves.size() > MOST_LEAVES) leaves.resize(MOST_LEAVES);
        for (const Leaf& leaf : leaves) {
            if (leaf.bound > most) break;
            Ranked reading;
            bool any = true;
            if (!leaf.above.empty() || !is_foreign(leaf.entity))
                any = best_of(leaf.entity, leaf.above, most, reading);
            else
                reading = foreign(leaf.entity);
            if (!any) continue;
            const auto later = [](const Ranked& a, const Ranked& b) { return a.cost != b.cost ? a.cost < b.cost : a.leaf < b.leaf; };
            found.insert(std::upper_bound(found.begin(), found.end(), reading, later), reading);
            most = costs_.most_kept(found[0].cost, wide);
            if (found.size() >= limit) most = std::min(most, found[limit - 1].cost);
        }
        if (found.size() > limit) found.resize(limit);
        size_t kept = 0;
        for (const Ranked& reading : found)
            if (reading.cost <= most) found[kept++] = reading;
        found.resize(kept);
        return found;
    }

  private:
    static constexpr size_t PLACES = 3, MOST_LEAVES = 80;

    struct Leaf {
        double bound;
        int entity;
        std::vector<Holder> above;
    };

    struct Spot {
        int begin, end, ranks;
        std::vector<int> higher;
        bool short_province;
    };

    struct Option {
        const Match* match;
        double era;
    };

    // The matches of each entity, the cheapest first, and what is higher than a commune.
    void gather() {
        for (const Match& match : matches) {
            auto& note = notes_.of(match.entity);
            if (note.first < 0) {
                note.first = static_cast<int>(entities_.size());
                note.higher = match.rank != COMMUNE;
                entities_.push_back(match.entity);
                of_entity_.emplace_back();
            }
            of_entity_[note.first].push_back(&match);
            if (match.rank == COMMUNE) continue;
            Spot& spot = this->spot(match.begin, match.end);
            spot.higher.push_back(match.entity);
            spot.ranks |= 1 << match.rank;
            if (match.rank == PROVINCE && match.how == ALIAS) spot.short_province = true;
        }
        for (auto& found : of_entity_) {
            if (found.size() < 2) continue;
            std::stable_sort(found.begin(), found.end(), [](const Match* a, const Match* b) {
                const double one = a->cost + a->left + a->right, other = b->cost + b->left + b->right;
                return one != other ? one < other : a->begin > b->begin;
            });
            if (found.size() > PLACES) found.resize(PLACES);
        }
    }

    Spot& spot(int begin, int end) {
        for (Spot& each : spots_)
            if (each.begin == begin && each.end == end) return each;
        spots_.push_back({begin, end, 0, {}, false});
        return spots_.back();
    }

    const Spot* higher_at(const Match& match) const {
        for (const Spot& each : spots_)
            if (each.begin == match.begin && each.end == match.end) return &each;
        return nullptr;
    }

    // What holds the communes that are named alone in a part of the line, and where they are.
    void look_around(const Words& words) {
        for (int entity : entities_)
            if (notes_.of(entity).higher) notes_.of(entity).near = -1;
        for (const Match& match : matches) {
            if (match.rank != COMMUNE || !words.opens[match.begin] || !words.opens[match.end]) continue;
            const int place = place_of(match);
            for (const Holder& holder : names_.holders(match.entity)) {
                int& near = notes_.of(holder.entity).near;
                if (near == 0) near = place;
                if (near != place) near = -1;
            }
        }
    }

    static int place_of(const Match& match) { return 1 + match.begin * 256 + match.end; }

    const std::vector<const Match*>& of(int entity) const { return of_entity_[notes_.known(entity)->first]; }

    bool is_higher(int entity) const {
        const auto* note = notes_.known(entity);
        return note != nullptr && note->higher;
    }

    std::vector<Leaf> leaves() {
        std::vector<Leaf> found;
        found.reserve(entities_.size());
        const std::vector<int>& last = evidence_->last;
        for (size_t number = 0; number < entities_.size(); number++) {
            const int leaf = entities_[number];
            const auto& mine = names_.holders(leaf);
            Leaf made{0.0, leaf, {}};
            int levels = 0;
            bool in_last = !evidence_->has_names || std::binary_search(last.begin(), last.end(), leaf);
            for (const Holder& holder : mine) {
                if (is_higher(holder.entity)) {
                    made.above.push_back(holder);
                    levels |= names_.ranks[holder.entity] == PROVINCE ? 2 : 1;
                }
                in_last = in_last || std::binary_search(last.begin(), last.end(), holder.entity);
            }
            double floor = INF;
            for (const Match* match : of_entity_[number]) floor = std::min(floor, match->floor);
            made.bound = tables_.missing[names_.kind(leaf)][levels] + floor;
            if (!in_last) made.bound += costs_.UNUSED_UNIT;
            found.push_back(std::move(made));
        }
        const auto before = [](const Leaf& a, const Leaf& b) { return a.bound != b.bound ? a.bound < b.bound : a.entity < b.entity; };
        std::sort(found.begin(), found.end(), before);
        return found;
    }

    // Whether nothing else that the text names holds the entity, lies in it, or lies beside it.
    bool is_foreign(int leaf) {
        const auto& mine = of(leaf);
        const auto* own_note = notes_.known(leaf);
        if (mine.size() > 1 || mine[0]->how == FUZZY || own_note->near != 0) return false;
        const int own = place_of(*mine[0]);
        for (const Holder& holder : names_.holders(leaf)) {
            const auto* note = notes_.known(holder.entity);
            if (note != nullptr && note->near != 0 && note->near != own) return false;
        }
        return true;
    }

    // The best reading of an entity that has nothing to do with the others: all written alike cost the same.
    Ranked foreign(int leaf) {
        const Match& match = *of(leaf)[0];
        const int kind = names_.kind(leaf);
        for (const Ranked& known : foreign_) {
            const Match& other = known.chosen[0];
            if (other.begin == match.begin && other.end == match.end && other.typed == match.typed &&
                other.spelling == match.spelling && other.type == match.type && names_.kind(known.leaf) == kind) {
                Ranked alike = known;
                alike.leaf = leaf;
                alike.chosen[0] = match;
                return alike;
            }
        }
        Ranked reading;
        best_of(leaf, {}, INF, reading);
        foreign_.push_back(reading);
        return reading;
    }

    // The best reading with an entity as the smallest unit; false when all cost more than most.
    bool best_of(int leaf, const std::vector<Holder>& above, double most, Ranked& best) {
        districts_.clear();
        provinces_.clear();
        for (const Holder& holder : above) {
            const double era = holder.mixed ? other_era(leaf, holder.entity) : 0.0;
            auto& found = names_.ranks[holder.entity] == PROVINCE ? provinces_ : districts_;
            for (const Match* match : of(holder.entity)) found.push_back({match, era});
        }
        // the fullest readings first: they are the cheapest as a rule, and then bound the others
        districts_.push_back({nullptr, 0.0});
        provinces_.push_back({nullptr, 0.0});
        const double* table = tables_.missing[names_.kind(leaf)];
        bool any = false, related = false;
        for (const Match* match : of(leaf))
            for (const Option& district : districts_) {
                if (district.match != nullptr && (district.match->mask & match->mask)) continue;
                for (const Option& province : provinces_) {
                    const double era = district.era + province.era + 0.0;
                    double least = match->floor + era;
                    int levels = 0;
                    const Match* chosen[3] = {match, nullptr, nullptr};
                    int count = 1;
                    if (district.match != nullptr) {
                        levels = 1;
                        least += district.match->floor;
                        chosen[count++] = district.match;
                    }
                    if (province.match != nullptr) {
                        levels |= 2;
                        least += province.match->floor;
                        chosen[count++] = province.match;
                    }
                    const double missing = table[levels];
                    if (least + missing > most) continue;
                    if (!related) evidence_->relations(leaf, relations_);
                    related = true;
                    Ranked reading;
                    if (!this->reading(leaf, chosen, count, missing, era, most, reading)) continue;
                    if (any && !(reading.cost < best.cost)) continue;
                    best = reading;
                    most = reading.cost;
                    any = true;
                }
            }
        return any;
    }

    // The reading; false when two matches share a word or it costs more than most.
    bool reading(int leaf, const Match* const* chosen, int count, double missing, double era, double most, Ranked& made) {
        double spelling = 0.0, type = 0.0;
        Mask taken = 0;
        int ranks = 0;
        for (int i = 0; i < count; i++) {
            const Match& match = *chosen[i];
            if (match.mask & taken) return false;
            taken |= match.mask;
            ranks |= 1 << match.rank;
            spelling += match.spelling;
            type += match.type;
        }
        const Match& first = *chosen[0];
        const double place = this->place(chosen, count, taken);
        const Spot* alike = first.typed ? nullptr : higher_at(first);
        if (alike != nullptr) era += likeness(leaf, chosen, count, *alike);
        double cost = spelling + type + place + missing + era;
        if (cost > most) return false;
        const Mask region = first.begin > chosen[count - 1]->begin ? below_highest(taken) : from_lowest(taken);
        const bool stated = first.typed && first.rank == COMMUNE;
        const double unused = evidence_->unused(taken, region, relations_, ranks, stated, names_.eras[leaf] == NEW);
        cost += unused;
        if (cost > most) return false;
        made = {leaf, count, {}, {spelling, type, place, missing, unused, era}, cost};
        for (int i = 0; i < count; i++) made.chosen[i] = *chosen[i];
        return true;
    }

    static Mask below_highest(Mask taken) {
        int bits = 0;
        for (Mask left = taken; left; left >>= 1) bits++;
        return ((Mask)1 << bits) - 1;
    }

    Mask from_lowest(Mask taken) const { return ((Mask)1 << length_) - (taken & -taken); }

    double place(const Match* const* chosen, int count, Mask taken) const {
        double cost = 0.0;
        for (int i = 0; i < count; i++) {
            const Match& match = *chosen[i];
            if (match.left != 0.0 && !(match.begin && (taken >> (match.begin - 1) & 1))) cost += match.left;
            if (match.right != 0.0 && !(taken >> match.end & 1)) cost += match.right;
            if (match.within) cost += costs_.WITHIN;
        }
        const Match& first = *chosen[0];
        if (first.begin == 0 && first.rank == COMMUNE && !first.typed) cost += costs_.FIRST;
        int backwards = 0;
        for (int i = 1; i < count; i++) backwards += chosen[i - 1]->begin > chosen[i]->begin;
        if (backwards) cost += backwards == count - 1 ? costs_.REVERSED : costs_.SHUFFLED;
        return cost;
    }

    double other_era(int leaf, int holder) const {
        if (names_.ranks[holder] == DISTRICT) return costs_.OLD_DISTRICT;
        return names_.eras[leaf] == NEW ? costs_.OLD_PROVINCE : costs_.NEW_PROVINCE;
    }

    // What it costs that the words of the smallest unit name a higher one as well.
    double likeness(int leaf, const Match* const* chosen, int count, const Spot& alike) {
        const Match& match = *chosen[0];
        const int rank = names_.ranks[leaf];
        double cost = 0.0;
        const bool own = rank == DISTRICT && !match.within && alike.short_province;
        if (rank != PROVINCE && chosen[count - 1]->rank != PROVINCE && !own)
            cost += costs_.LIKE_PROVINCE * ((alike.ranks & 1 << PROVINCE) != 0);
        bool in_district = false;
        for (int i = 1; i < count; i++) in_district = in_district || chosen[i]->rank == DISTRICT;
        if (rank != COMMUNE || in_district) return cost;
        const int top = count > 1 ? chosen[count - 1]->entity : -1;
        bool meant = false;
        for (int other : alike.higher)
            if (names_.ranks[other] == DISTRICT && (top < 0 || names_.held(other, top) >= 0)) meant = true;
        if (meant && names_.eras[leaf] == NEW) return cost + costs_.LIKE_DISTRICT * 1.0;
        if (meant) return cost + (top >= 0 ? costs_.LIKE_OLD_DISTRICT : costs_.LIKE_DISTRICT_ALONE);
        return cost;
    }

    int length_;
    Tables& tables_;
    Names& names_;
    const Costs& costs_;
    Notes& notes_;
    std::unique_ptr<Evidence> evidence_;
    std::vector<int> entities_;                          // in the order in which they were matched
    std::vector<std::vector<const Match*>> of_entity_;
    std::vector<Spot> spots_;
    std::vector<Ranked> foreign_;
    std::vector<Option> districts_, provinces_;
    std::vector<Relation> relations_;
};

}  // namespace geoaddr
