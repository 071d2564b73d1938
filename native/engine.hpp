// A text in, its readings out, best first: the twin of geoaddr/interpretation/interpreter.py.
#pragma once

#include "chains.hpp"

namespace geoaddr {

class Engine {
  public:
    // tables, costs, limits: see geoaddr/interpretation/compiled.py
    Engine(PyObject* tables, PyObject* costs, PyObject* limits, PyObject* pieces, PyObject* accents, PyObject* is_abroad)
        : costs_(costs_of(costs)), limits_(limits_of(limits)), names_(tables, costs_, accents), is_abroad_(is_abroad),
          lexicon_(lexicon_of(tables, names_)), notes_(names_.ranks.size()), tables_{names_, costs_, limits_, notes_, {}},
          reader_(lexicon_, pieces, item(tables, "letters"), item(tables, "syllables"), number(limits, "FIRST_WORDS"), number(limits, "LAST_WORDS"),
                  static_cast<size_t>(number(limits, "MOST_REMEMBERED")), static_cast<size_t>(number(limits, "LONGEST_REMEMBERED"))),
          matcher_(names_, costs_, limits_), heads_(names_, reader_, limits_),
          chains_(tables_, reader_, matcher_, heads_, number(limits, "FIRST_WORDS") + number(limits, "LAST_WORDS")) {
        for (int kind = 0; kind < 2 * COMMUNE + 2; kind++)
            for (int levels = 0; levels < 4; levels++) tables_.missing[kind][levels] = missing(kind, levels & 1, levels & 2);
    }

    void read(PyObject* string, size_t limit, size_t open_limit, Found& found) {
        const auto [chain, cut] = read_chain(string, limit, open_limit, found);
        if (chain != nullptr) Chains::put(*chain, cut, found);
    }

    // The chain that a text ends in and where that begins, or the readings where they cannot be told from it.
    std::pair<const Chain*, int> read_chain(PyObject* string, size_t limit, size_t open_limit, Found& found) {
        names_.forget();
        reader_.forget();
        chains_.forget();
        read_text(string, text_);
        auto known = chains_.find(text_, limit);
        if (known.first == nullptr) {
            whole(string, text_, limit, open_limit, found);
            return known;
        }
        const size_t count = known.first->readings.size();
        if (!(open_limit > count && count >= limit && known.first->heavy)) return known;
        known = chains_.find(text_, open_limit);
        if (known.first == nullptr) whole(string, text_, open_limit, 0, found);
        return known;
    }

    const Names& names() const { return names_; }

  private:
    static constexpr size_t MOST_HOLDERS = 2;

    static Costs costs_of(PyObject* mapping) {
        Costs costs;
        costs.read(mapping);
        return costs;
    }

    static PyObject* item(PyObject* tables, const char* name) {
        PyObject* found = PyDict_GetItemString(tables, name);
        if (found == nullptr) {
            PyErr_SetString(PyExc_KeyError, name);
            throw PythonError();
        }
        return found;
    }

    static int number(PyObject* limits, const char* name) {
        PyObject* value = PyDict_GetItemString(limits, name);
        if (value == nullptr) {
            PyErr_SetString(PyExc_KeyError, name);
            throw PythonError();
        }
        return static_cast<int>(geoaddr::whole(value));
    }

    static Limits limits_of(PyObject* limits) {
        PyObject* digits = PyDict_GetItemString(limits, "POSTCODE_DIGITS");
        if (digits == nullptr) {
            PyErr_SetString(PyExc_KeyError, "POSTCODE_DIGITS");
            throw PythonError();
        }
        return {number(limits, "MAX_NAME_WORDS"), number(limits, "MAX_NAME_LETTERS"), number(limits, "FUZZY_FROM"), wholes(digits)};
    }

    static Lexicon lexicon_of(PyObject* tables, Names& names) {
        Lexicon lexicon;
        PyObject* entries = PyDict_GetItemString(tables, "lexicon");
        PyObject* most = PyDict_GetItemString(tables, "lexicon_words");
        if (entries == nullptr || most == nullptr) {
            PyErr_SetString(PyExc_KeyError, "lexicon");
            throw PythonError();
        }
        lexicon.read(entries, names.types);
        lexicon.most_words = static_cast<int>(geoaddr::whole(most));
        return lexicon;
    }

    // What it costs that levels are not named.
    double missing(int kind, bool district, bool province) const {
        const int rank = kind / 2, old = kind % 2;
        if (rank == PROVINCE) return costs_.ONLY_PROVINCE;
        if (rank == DISTRICT) return province ? costs_.NO_COMMUNE : costs_.NO_COMMUNE + costs_.NO_PROVINCE;
        double cost = old && !district ? costs_.NO_DISTRICT : 0.0;
        if (!province) cost += district ? costs_.NO_PROVINCE : costs_.ALONE;
        return cost;
    }

    void whole(PyObject* string, View text, size_t limit, size_t open_limit, Found& found) {
        reader_.read(text, words_);
        std::unique_ptr<Ranker> ranker;
        std::vector<Ranked> readings = ranked(limit, ranker);
        if (!readings.empty() && readings[0].cost > costs_.DOUBTFUL) believe(string, readings);
        if (open_limit > readings.size() && readings.size() >= limit &&
            readings.back().cost - readings[0].cost < -std::log(costs_.LIGHT)) {
            readings = ranker->ranked(open_limit, false);
            if (readings[0].cost > costs_.DOUBTFUL) believe(string, readings);
        }
        if (readings.empty()) return;
        for (const Ranked& reading : readings) {
            found.spans.emplace_back();
            for (int i = 0; i < reading.count; i++) found.spans.back().push_back(span_of(reading.chosen[i]));
        }
        found.readings = std::move(readings);
        found.countries = WordReader::countries(words_);
    }

    Span span_of(const Match& match) const { return {words_.words[match.begin].start, words_.words[match.end - 1].end}; }

    std::vector<Ranked> ranked(size_t limit, std::unique_ptr<Ranker>& ranker) {
        ranker = std::make_unique<Ranker>(words_, tables_, matcher_, matcher_.exact(words_));
        std::vector<Ranked> readings = ranker->ranked(limit, false);
        if (!readings.empty() && readings[0].cost <= costs_.SURE) return readings;
        const std::vector<char> free = free_words(readings, ranker->matches);
        if (std::find(free.begin(), free.end(), 1) != free.end())
            add(limit, ranker, readings, matcher_.fuzzy(words_, free, ranker->matches));
        if (!readings.empty() && (readings[0].cost > costs_.DOUBTFUL || names_.ranks[readings[0].leaf] != COMMUNE))
            add(limit, ranker, readings, near(readings, ranker->matches));
        return readings;
    }

    void add(size_t limit, std::unique_ptr<Ranker>& ranker, std::vector<Ranked>& readings, const Matches& more) {
        if (more.empty()) return;
        Matches matches = ranker->matches;
        matches.insert(matches.end(), more.begin(), more.end());
        ranker = std::make_unique<Ranker>(words_, tables_, matcher_, std::move(matches));
        readings = ranker->ranked(limit, false);
    }

    // Poor readings: none of an address of another country, and none that is there by chance.
    void believe(PyObject* string, std::vector<Ranked>& readings) const {
        if (is_abroad(string, readings[0])) {
            readings.clear();
            return;
        }
        if (!is_chance(readings[0])) return;
        readings.erase(std::remove_if(readings.begin(), readings.end(), [&](const Ranked& each) { return is_chance(each); }), readings.end());
    }

    bool is_abroad(PyObject* string, const Ranked& reading) const {
        Owned taken(PyList_New(0));
        for (int i = 0; i < reading.count; i++) {
            const Span span = span_of(reading.chosen[i]);
            Owned pair(Py_BuildValue("(ii)", span.first, span.second));
            if (PyList_Append(taken.get(), pair.get()) < 0) throw PythonError();
        }
        const bool alone = reading.count == 1 && reading.chosen[0].rank == COMMUNE;
        Owned answer(PyObject_CallFunctionObjArgs(is_abroad_, string, taken.get(), alone ? Py_True : Py_False, nullptr));
        const int is = PyObject_IsTrue(answer.get());
        if (is < 0) throw PythonError();
        return is;
    }

    bool is_chance(const Ranked& reading) const {
        const Match& first = reading.chosen[0];
        const bool own_type = first.typed && first.type < costs_.OTHER_TYPE;
        if (reading.count > 1 || own_type || reading.cost < costs_.CHANCE) return false;
        const bool beside_others = first.left + first.right > 0.0;
        return first.rank == COMMUNE || first.spelling >= costs_.SHORTENED || (reading.cost > costs_.FAR && beside_others);
    }

    // Where the units of a reading stand once more, without a typo.
    template <typename Use>
    void said_again(const Ranked& reading, const Matches& matches, Use use) const {
        Mask taken = 0;
        for (int i = 0; i < reading.count; i++) taken |= reading.chosen[i].mask;
        for (const Match& match : matches) {
            if ((match.mask & taken) || match.how == FUZZY || !(match.spelling < costs_.ALIAS)) continue;
            for (int i = 0; i < reading.count; i++)
                if (reading.chosen[i].entity == match.entity) {
                    use(match);
                    break;
                }
        }
    }

    // The words in which a typo may hide.
    std::vector<char> free_words(const std::vector<Ranked>& readings, const Matches& matches) const {
        std::vector<char> free(words_.size());
        for (int i = 0; i < words_.size(); i++) free[i] = !words_.country[i];
        if (readings.empty()) return free;
        const auto take = [&](const Match& match) { std::fill(free.begin() + match.begin, free.begin() + match.end, 0); };
        for (int i = 0; i < readings[0].count; i++) {
            const Match& match = readings[0].chosen[i];
            if (match.cost + match.left + match.right < costs_.SURE / 2 && !match.within) take(match);
        }
        said_again(readings[0], matches, take);
        return free;
    }

    // Misspelt names in the stretches left over, among the units of what was understood.
    Matches near(const std::vector<Ranked>& readings, const Matches& matches) {
        std::vector<int> holders;
        for (size_t r = 0; r < std::min(MOST_HOLDERS, readings.size()); r++)
            for (int i = 0; i < readings[r].count; i++) {
                const Match& match = readings[r].chosen[i];
                if (match.rank == COMMUNE) continue;
                if (std::find(holders.begin(), holders.end(), match.entity) == holders.end()) holders.push_back(match.entity);
                break;
            }
        return matcher_.near(words_, stretches(readings[0], matches), holders, readings[0].cost + costs_.MARGIN);
    }

    std::vector<Span> stretches(const Ranked& reading, const Matches& matches) const {
        const int n = words_.size();
        std::vector<char> taken(n + 1, 0);
        const auto take = [&](const Match& match) { std::fill(taken.begin() + match.begin, taken.begin() + match.end, 1); };
        for (int i = 0; i < reading.count; i++) take(reading.chosen[i]);
        said_again(reading, matches, take);
        std::vector<Span> found;
        for (int begin = 0; begin < n; begin++) {
            if (taken[begin] || !(words_.opens[begin] || words_.types_end[begin])) continue;
            int end = begin + 1;
            while (end < n && !words_.opens[end] && !taken[end]) end++;
            if (end - begin <= 6) found.emplace_back(begin, end);
        }
        return found;
    }

    Costs costs_;
    Limits limits_;
    Names names_;
    PyObject* is_abroad_;
    Lexicon lexicon_;
    Notes notes_;
    Tables tables_;
    WordReader reader_;
    Matcher matcher_;
    HeadReader heads_;
    Chains chains_;
    Words words_;
    Text text_;
};

}  // namespace geoaddr
