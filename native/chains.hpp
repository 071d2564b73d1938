// The short way for addresses that end in their units: the twin of geoaddr/interpretation/chains.py.
#pragma once

#include "chain.hpp"

namespace geoaddr {

class Chains {
  public:
    Chains(Tables& tables, WordReader& reader, Matcher& matcher, HeadReader& heads, int most_words)
        : names_(tables.names), costs_(tables.costs), limits_(tables.limits), tables_(tables), reader_(reader),
          matcher_(matcher), heads_(heads), most_words_(most_words) {}

    void forget() {
        if (part_texts_.size() >= MOST_PARTS) {
            part_texts_.clear();
            parts_.clear();
        }
        if (chain_texts_.size() >= MOST_CHAINS) {
            chain_texts_.clear();
            chains_.clear();
            last_limit_ = 0;
        }
    }

    // The chain that a text ends in, where its readings can be told from that, and where it begins. Until the next
    // text is read.
    std::pair<const Chain*, int> find(View text, size_t limit) {
        constexpr std::pair<const Chain*, int> NONE{nullptr, 0};
        int begins[LAST_PARTS];
        const int count = last_parts(text, begins);
        if (count < 3) return NONE;
        const ChainPart* last = part(text.substr(begins[count - 1]));
        if (last == nullptr) return NONE;
        const int end = count - last->country;
        for (int size : {3, 2}) {
            if (end <= size) continue;
            const int cut = begins[end - size];
            if (!(1 < cut && cut <= LONGEST_HEAD)) continue;
            const Chain* chain = this->chain(text.substr(cut), last->country, limit);
            if (chain == nullptr || !heads_.read(text.substr(0, cut - 1), head_)) continue;
            if (is_innocent(head_, *chain)) return {chain, cut};
        }
        return NONE;
    }

    // The readings of a text in which the chain begins at a character.
    static void put(const Chain& chain, int cut, Found& found) {
        const auto moved = [cut](const Span& span) { return Span(span.first + cut, span.second + cut); };
        found.readings = chain.readings;
        for (const Ranked& reading : chain.readings) {
            found.spans.emplace_back();
            for (int i = 0; i < reading.count; i++) found.spans.back().push_back(moved(chain.spans[i]));
        }
        for (const Span& span : chain.countries) found.countries.push_back(moved(span));
    }

  private:
    static constexpr int LONGEST_PART = 60, LONGEST_HEAD = 160, MOST_SAID_AGAIN = 2, LAST_PARTS = 5;
    static constexpr size_t MOST_PARTS = 32768, MOST_CHAINS = 16384;

    // How many of the last parts of the line there are, five at the most, and where they begin.
    static int last_parts(View text, int (&begins)[LAST_PARTS]) {
        int count = 0;
        size_t before = text.size();
        while (count < LAST_PARTS - 1 && before > 0) {
            const size_t comma = text.rfind(U',', before - 1);
            if (comma == View::npos) break;
            begins[count++] = static_cast<int>(comma) + 1;
            before = comma;
        }
        begins[count++] = 0;
        std::reverse(begins, begins + count);
        return count;
    }

    const ChainPart* part(View text) {
        const int known = part_texts_.find(text);
        if (known >= 0) return parts_[known].get();
        auto read = static_cast<int>(text.size()) <= LONGEST_PART ? read_part(text) : nullptr;
        part_texts_.add(text);
        parts_.push_back(std::move(read));
        return parts_.back().get();
    }

    std::unique_ptr<ChainPart> read_part(View text) {
        reader_.read(text, words_);
        const int n = words_.size();
        if (!n || text.find(U'/') != View::npos || words_.types_after[0]) return nullptr;
        auto made = std::make_unique<ChainPart>();
        made->words = n;
        if (std::all_of(words_.country.begin(), words_.country.begin() + n, [](char is) { return is; })) {
            const auto spans = WordReader::countries(words_);
            if (spans.size() != 1) return nullptr;
            made->country = true;
            made->span = spans[0];
            return made;
        }
        Matches matches = matcher_.exact(words_);
        matcher_.place(words_, matches);
        int end = n;
        take_whole(matches, end, made->all);
        if (made->all.empty() && limits_.is_postcode(words_.words[n - 1])) take_whole(matches, --end, made->all);
        if (made->all.empty() || has_cheap_pieces(matches, end) || matcher_.has_open_twins(made->all)) return nullptr;
        std::stable_sort(made->all.begin(), made->all.end(), [](const Match& a, const Match& b) { return a.cost < b.cost; });
        made->span = {words_.words[0].start, words_.words[end - 1].end};
        for (const Match& match : matches) {
            if (!match.typed && match.end - match.begin != end) continue;
            made->named.push_back(match.entity);
            if (match.rank != COMMUNE) made->higher.push_back(match.entity);
        }
        for (const Match& match : made->all)
            if (match.rank == COMMUNE) made->communes.push_back(match);
        make_set(made->named);
        make_set(made->higher);
        return made;
    }

    static void take_whole(const Matches& matches, int end, Matches& into) {
        for (const Match& match : matches)
            if (match.begin == 0 && match.end == end) into.push_back(match);
    }

    // Whether a reading that takes only some words of a part could be good.
    bool has_cheap_pieces(const Matches& matches, int end) const {
        std::vector<int> begins(words_.size() + 1, 0), ends(words_.size() + 1, 0);
        for (const Match& match : matches) {
            begins[match.begin] |= 1 << match.rank;
            ends[match.end] |= 1 << match.rank;
        }
        for (const Match& match : matches) {
            if (match.begin == 0 && match.end == end) continue;
            const int others = 7 & ~(1 << match.rank);
            const bool before = ends[match.begin] & others, after = begins[match.end] & others;
            double cost = match.cost + costs_.WITHIN * match.within;
            cost += before ? 0.0 : match.left;
            cost += after ? 0.0 : match.right;
            cost += before || after ? 0.0 : costs_.UNUSED_WORDS;
            if (cost <= costs_.CERTAIN) return true;
        }
        return false;
    }

    const Chain* chain(View text, bool country, size_t limit) {
        if (limit == last_limit_ && text == last_text_) return last_;
        if (part(text.substr(0, text.find(U','))) == nullptr) return nullptr;  // most are no units: not worth a place
        const Chain* found = remembered(text, country, limit);
        last_limit_ = limit;
        last_text_ = text;
        last_ = found;
        return found;
    }

    const Chain* remembered(View text, bool country, size_t limit) {
        key_.assign(1, static_cast<char32_t>(limit));
        key_ += text;
        const int known = chain_texts_.find(key_);
        if (known >= 0) return chains_[known].get();
        auto made = make_chain(text, country, limit);
        key_.assign(1, static_cast<char32_t>(limit));
        key_ += text;
        chain_texts_.add(key_);
        chains_.push_back(std::move(made));
        return chains_.back().get();
    }

    std::unique_ptr<Chain> make_chain(View text, bool country, size_t limit) {
        std::vector<const ChainPart*> parts;
        std::vector<int> offsets;
        for (size_t begin = 0; begin <= text.size();) {
            const size_t end = std::min(text.find(U',', begin), text.size());
            const ChainPart* part = this->part(text.substr(begin, end - begin));
            if (part == nullptr) return nullptr;
            parts.push_back(part);
            offsets.push_back(static_cast<int>(begin));
            begin = end + 1;
        }
        std::vector<const ChainPart*> named(parts.begin(), parts.end() - country);
        for (const ChainPart* part : named)
            if (part->country || part->all.empty()) return nullptr;
        std::vector<Ranked> readings;
        if (!read_chain(named, readings) || readings.empty() || !is_alone(named, readings[0])) return nullptr;
        const bool mixed = named.size() == 2 && mixes(named);
        if (readings[0].cost > (mixed ? costs_.CERTAIN_IF_MIXED : costs_.CERTAIN)) return nullptr;
        const double most = costs_.most_kept(readings[0].cost);
        auto made = std::make_unique<Chain>();
        for (const Ranked& reading : readings)
            if (made->readings.size() < limit && reading.cost <= most) made->readings.push_back(reading);
        judge(*made, parts, named, offsets);
        return made;
    }

    // The readings that take all parts; false where one that leaves a part unused might be as good.
    bool read_chain(const std::vector<const ChainPart*>& parts, std::vector<Ranked>& found) {
        const ChainPart& first = *parts[0];
        for (const Match& match : first.communes) {
            const int leaf = match.entity;
            if (parts.size() == 2 && !first.higher.empty() && !match.typed) continue;
            if (std::any_of(found.begin(), found.end(), [&](const Ranked& each) { return each.leaf == leaf; })) continue;
            std::vector<std::pair<const Match*, const Match*>> above;
            if (!above_of(leaf, parts, above)) return false;
            bool any = false;
            Ranked best;
            for (const auto& [one, other] : above) {
                const int levels = (one->rank == DISTRICT ? 1 : 2) + (other == nullptr ? 0 : other->rank == DISTRICT ? 1 : 2);
                Ranked reading = ranked(leaf, match, one, other, tables_.missing[names_.kind(leaf)][levels]);
                if (any && !(reading.cost < best.cost)) continue;
                best = reading;
                any = true;
            }
            if (any) found.push_back(best);
        }
        std::sort(found.begin(), found.end(), [](const Ranked& a, const Ranked& b) { return a.cost != b.cost ? a.cost < b.cost : a.leaf < b.leaf; });
        return true;
    }

    static Ranked ranked(int leaf, const Match& match, const Match* one, const Match* other, double missing) {
        Ranked made{leaf, other == nullptr ? 2 : 3, {match, *one}, {}, 0.0};
        if (other != nullptr) made.chosen[2] = *other;
        double spelling = 0.0, type = 0.0, place = 0.0;
        for (int i = 0; i < made.count; i++) {
            spelling += made.chosen[i].spelling;
            type += made.chosen[i].type;
            place += made.chosen[i].right;
        }
        const double parts[PARTS] = {spelling, type, place, missing, 0.0, 0.0};
        std::copy(parts, parts + PARTS, made.parts);
        made.cost = spelling + type + place + missing;
        return made;
    }

    // What holds a unit in its own era, one in each of the parts after the first, each way; false where that is not all.
    bool above_of(int leaf, const std::vector<const ChainPart*>& parts, std::vector<std::pair<const Match*, const Match*>>& found) {
        const auto& mine = names_.holders(leaf);
        const bool old = names_.eras[leaf] == OLD;
        for (size_t i = 1; i < parts.size(); i++)
            if (std::none_of(mine.begin(), mine.end(), [&](const Holder& each) { return has(parts[i]->higher, each.entity); }))
                return true;
        std::vector<std::vector<const Match*>> held;
        for (size_t i = 1; i < parts.size(); i++) {
            std::vector<const Match*> of_rank;
            for (const Match& match : parts[i]->all) {
                if (names_.held(leaf, match.entity) != 0) continue;
                const auto known = std::find_if(of_rank.begin(), of_rank.end(), [&](const Match* each) { return each->rank == match.rank; });
                if (known == of_rank.end()) of_rank.push_back(&match);
                else if ((*known)->entity != match.entity) return false;
            }
            held.push_back(std::move(of_rank));
        }
        for (const auto& each : held)
            if (each.empty()) return true;
        if (held.size() == 1) {
            for (const Match* match : held[0]) found.emplace_back(match, nullptr);
            return true;
        }
        const Match *district = nullptr, *province = nullptr;
        bool province_first = false;
        for (const Match* match : held[0]) {
            if (match->rank == DISTRICT) district = match;
            if (match->rank == PROVINCE) province_first = true;
        }
        for (const Match* match : held[1])
            if (match->rank == PROVINCE) province = match;
        if (!old && (province_first || (district != nullptr && district->cost > costs_.CHEAP_DISTRICT))) return false;
        if (district == nullptr || province == nullptr) return true;
        if (district->cost + district->right + province->cost + province->right > costs_.CHEAP_PROVINCE) return false;
        found.emplace_back(district, province);
        return true;
    }

    bool holds_any(const Set& set, const std::vector<Holder>& holders) const {
        return std::any_of(holders.begin(), holders.end(), [&](const Holder& each) { return has(set, each.entity); });
    }

    // Whether no part of the chain means by another of its names what goes with the others' names.
    bool is_alone(const std::vector<const ChainPart*>& parts, const Ranked& best) {
        const ChainPart& first = *parts[0];
        Set mine;
        for (const Holder& each : names_.holders(best.leaf)) mine.push_back(each.entity);
        make_set(mine);
        for (size_t number = 1; number < parts.size(); number++)
            for (const Match& commune : parts[number]->communes) {
                const auto& held = names_.holders(commune.entity);
                if (commune.typed || has(first.named, commune.entity) || holds_any(first.higher, held)) return false;
                // a reading of it passes over the first part, which is dear where that lies beside it
                if (holds_any(mine, held)) continue;
                for (size_t other = number + 1; other < parts.size(); other++)
                    if (holds_any(parts[other]->higher, held)) return false;
            }
        return true;
    }

    // Whether a commune of since the reform stands with its province of before.
    bool mixes(const std::vector<const ChainPart*>& parts) {
        for (const Match& commune : parts[0]->communes) {
            if (names_.eras[commune.entity] == OLD) continue;
            for (const Match& match : parts[1]->all)
                if (match.rank == PROVINCE && names_.held(commune.entity, match.entity) == 1) return true;
        }
        return false;
    }

    void judge(Chain& made, const std::vector<const ChainPart*>& parts, const std::vector<const ChainPart*>& named, const std::vector<int>& offsets) {
        made.words = 0;
        for (size_t i = 0; i < parts.size(); i++) {
            const Span span = parts[i]->span;
            (i < named.size() ? made.spans : made.countries).emplace_back(offsets[i] + span.first, offsets[i] + span.second);
            made.words += parts[i]->words;
        }
        made.stated = true;
        for (const Ranked& reading : made.readings) {
            made.leaves.push_back(reading.leaf);
            for (const Holder& each : names_.holders(reading.leaf)) made.beside.push_back(each.entity);
            made.stated = made.stated && reading.chosen[0].typed;
        }
        made.first = named[0]->named;
        for (const Match& commune : named[0]->communes)
            for (const Holder& each : names_.holders(commune.entity)) made.holders.push_back(each.entity);
        make_set(made.leaves);
        make_set(made.beside);
        make_set(made.holders);
        made.plain = made.readings[0].chosen[0].cost < costs_.SAID_AGAIN;
        made.full = named.size() == 3;
        made.heavy = is_heavy(made.readings, costs_);
    }

    // Whether no reading takes anything of the head, and none pays for anything in it.
    bool is_innocent(const Head& head, const Chain& chain) const {
        if (head.words + chain.words > most_words_ || (head.typed && !chain.full)) return false;
        int again = 0;
        for (const auto& [name, alone] : head.names) {
            if (share(name->higher, chain.holders) || share(chain.first, name->holders)) return false;
            if (share(chain.first, name->entities)) {
                again++;
                if (!chain.plain || again > MOST_SAID_AGAIN) return false;
            }
            // a part that names a neighbour of the commune makes its reading dearer
            const bool matters = head.typed || (alone && !chain.stated);
            if (matters && share(chain.beside, name->holders) &&
                !std::includes(name->entities.begin(), name->entities.end(), chain.leaves.begin(), chain.leaves.end()))
                return false;
        }
        return true;
    }

    Names& names_;
    const Costs& costs_;
    const Limits& limits_;
    Tables& tables_;
    WordReader& reader_;
    Matcher& matcher_;
    HeadReader& heads_;
    int most_words_;
    Words words_;
    Head head_;
    Text key_;
    Numbered part_texts_, chain_texts_;
    std::deque<std::unique_ptr<ChainPart>> parts_;
    std::deque<std::unique_ptr<Chain>> chains_;
    Text last_text_;  // texts in order end alike
    size_t last_limit_ = 0;
    const Chain* last_ = nullptr;
};

}  // namespace geoaddr
