// What texts end in, as it is remembered.
#pragma once

#include "heads.hpp"
#include "ranking.hpp"

namespace geoaddr {

// What is read of a text: the readings, and the characters of their matches and of the country's name.
struct Found {
    std::vector<Ranked> readings;
    std::vector<std::vector<Span>> spans;
    std::vector<Span> countries;
};

// Whether the last reading weighs so much that those behind it matter.
inline bool is_heavy(const std::vector<Ranked>& readings, const Costs& costs) {
    double total = 0.0;
    for (const Ranked& reading : readings) total += std::exp(readings[0].cost - reading.cost);
    const double last = std::exp(readings[0].cost - readings.back().cost);
    return last / total > costs.LIGHT * (1.0 / total);
}

struct ChainPart {
    bool country = false;
    Span span;
    int words = 0;
    Matches all{}, communes{};
    Set named{}, higher{};
};

struct Chain {
    std::vector<Ranked> readings;
    std::vector<Span> spans, countries;  // characters from the beginning of the chain
    Set leaves, beside, first, holders;
    bool plain, stated, full;
    int words;
    bool heavy = false;          // whether the readings behind the last one matter
    mutable Kept ending{};       // its text from where its units begin, and what is told of its readings; once asked for
};

}  // namespace geoaddr
