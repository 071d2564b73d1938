// The words around names: the twin of geoaddr/interpretation/lexicon.py.
#pragma once

#include <algorithm>
#include <map>

#include "letters.hpp"

namespace geoaddr {

struct TypeWord {
    std::vector<int> types;  // numbers of the types that it may mean
    int ranks;               // their levels as bits
    double cost;

    bool means(int type) const { return std::find(types.begin(), types.end(), type) != types.end(); }
    bool has(int rank) const { return ranks >> rank & 1; }
};

struct Role {
    enum Kind { TYPE, TYPE_AFTER, STREET, STREET_AFTER, COUNTRY } kind;
    const TypeWord* word;
};

class Lexicon {
  public:
    int most_words = 0;

    Lexicon() : nodes_(1) {}

    // entries: (words parted by blanks, role, types or None, ranks as bits, cost), as the table has them
    void read(PyObject* entries, Numbered& types) {
        Owned fast(PySequence_Fast(entries, "a list of entries is needed"));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); i++) {
            PyObject* entry = PySequence_Fast_GET_ITEM(fast.get(), i);
            const TypeWord* announced = nullptr;
            if (PyTuple_GET_ITEM(entry, 2) != Py_None) {
                TypeWord word{{}, static_cast<int>(whole(PyTuple_GET_ITEM(entry, 3))),
                              PyFloat_AsDouble(PyTuple_GET_ITEM(entry, 4))};
                Owned meant(PySequence_Fast(PyTuple_GET_ITEM(entry, 2), "types are needed"));
                for (Py_ssize_t j = 0; j < PySequence_Fast_GET_SIZE(meant.get()); j++)
                    word.types.push_back(types.add(text_of(PySequence_Fast_GET_ITEM(meant.get(), j))));
                type_words_.push_back(word);
                announced = &type_words_.back();
            }
            add(text_of(PyTuple_GET_ITEM(entry, 0)), {kind_of(text_of(PyTuple_GET_ITEM(entry, 1))), announced});
        }
    }

    int word(View folded) const { return words_.find(folded); }

    int step(int node, int word) const {
        if (word < 0) return -1;
        if (node == 0) return static_cast<size_t>(word) < firsts_.size() ? firsts_[word] : -1;
        const auto found = nodes_[node].next.find(word);
        return found == nodes_[node].next.end() ? -1 : found->second;
    }

    const std::vector<Role>& roles(int node) const { return nodes_[node].roles; }

  private:
    struct Node {
        std::map<int, int> next;
        std::vector<Role> roles;
    };

    static Role::Kind kind_of(View name) {
        if (name == U"type") return Role::TYPE;
        if (name == U"type_after") return Role::TYPE_AFTER;
        if (name == U"street") return Role::STREET;
        if (name == U"street_after") return Role::STREET_AFTER;
        if (name == U"country") return Role::COUNTRY;
        PyErr_SetString(PyExc_ValueError, "unknown role in the lexicon");
        throw PythonError();
    }

    void add(View key, Role role) {
        int node = 0;
        for (size_t begin = 0; begin < key.size();) {
            const size_t end = std::min(key.find(U' ', begin), key.size());
            const int word = words_.add(key.substr(begin, end - begin));
            auto known = nodes_[node].next.find(word);
            if (known == nodes_[node].next.end()) {
                nodes_.emplace_back();
                known = nodes_[node].next.emplace(word, static_cast<int>(nodes_.size()) - 1).first;
            }
            if (node == 0) {
                if (firsts_.size() <= static_cast<size_t>(word)) firsts_.resize(word + 1, -1);
                firsts_[word] = known->second;
            }
            node = known->second;
            begin = end + 1;
        }
        nodes_[node].roles.push_back(role);
    }

    Numbered words_;
    std::deque<Node> nodes_;
    std::vector<int> firsts_;  // the nodes of first words
    std::deque<TypeWord> type_words_;
};

}  // namespace geoaddr
