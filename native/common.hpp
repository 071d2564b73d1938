// What all parts of the engine share: texts as code points, numbered texts, costs, errors of Python.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace geoaddr {

using Text = std::u32string;
using View = std::u32string_view;
using Mask = unsigned __int128;  // words as bits

constexpr int MOST_WORDS = 120;  // a text of more words is left to the Python engine
constexpr double INF = std::numeric_limits<double>::infinity();

enum Rank : int { PROVINCE = 0, DISTRICT = 1, COMMUNE = 2 };
enum Era : int { OLD = 0, NEW = 1, BOTH = 2 };
enum How : int { EXACT, ALIAS, NO_ACCENTS, FUZZY };

// A Python exception is set; it is raised where the engine was called.
struct PythonError {};

// A text that is not for this engine.
struct TooLong {};

// A reference that is given back at the end of its scope.
class Owned {
  public:
    explicit Owned(PyObject* object) : object_(object) {
        if (object == nullptr) throw PythonError();
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    Owned(Owned&& other) noexcept : object_(other.object_) { other.object_ = nullptr; }
    ~Owned() { Py_XDECREF(object_); }
    PyObject* get() const { return object_; }
    PyObject* release() {
        PyObject* object = object_;
        object_ = nullptr;
        return object;
    }

  private:
    PyObject* object_;
};

// A reference that there may be, with what it is kept in.
class Kept {
  public:
    Kept() = default;
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() { Py_XDECREF(object_); }
    PyObject* get() const { return object_; }
    void keep(Owned&& object) {
        Py_XDECREF(object_);
        object_ = object.release();
    }

  private:
    PyObject* object_ = nullptr;
};

inline void read_text(PyObject* string, Text& text) {
    if (!PyUnicode_Check(string)) {
        PyErr_SetString(PyExc_TypeError, "not a text");
        throw PythonError();
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    const int kind = PyUnicode_KIND(string);
    const void* data = PyUnicode_DATA(string);
    text.resize(static_cast<size_t>(length));
    if (kind == PyUnicode_2BYTE_KIND)  // as Vietnamese is
        std::copy_n(static_cast<const Py_UCS2*>(data), length, text.begin());
    else
        for (Py_ssize_t i = 0; i < length; i++) text[i] = PyUnicode_READ(kind, data, i);
}

inline Text text_of(PyObject* string) {
    Text text;
    read_text(string, text);
    return text;
}

inline bool is_ascii(View text) {
    for (char32_t letter : text)
        if (letter > 127) return false;
    return true;
}

inline long whole(PyObject* number) {
    const long value = PyLong_AsLong(number);
    if (value == -1 && PyErr_Occurred()) throw PythonError();
    return value;
}

inline std::vector<int> wholes(PyObject* list) {
    Owned fast(PySequence_Fast(list, "a list of numbers is needed"));
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(fast.get());
    std::vector<int> found(static_cast<size_t>(count));
    for (Py_ssize_t i = 0; i < count; i++) found[i] = static_cast<int>(whole(PySequence_Fast_GET_ITEM(fast.get(), i)));
    return found;
}

// Texts and their numbers, in the order in which they came.
class Numbered {
  public:
    Numbered() : slots_(1024, EMPTY) {}

    // What is known of a text by its letters so far, none at first; with more of them.
    static constexpr uint64_t NO_LETTERS = 14695981039346656037ULL;

    static uint64_t with_letters(uint64_t value, View text) {
        for (char32_t letter : text) value = (value ^ letter) * 1099511628211ULL;
        return value;
    }

    static uint64_t mixed(uint64_t value) { return value ^ (value >> 29); }

    int find(View text) const { return find(text, with_letters(NO_LETTERS, text)); }

    // value: of all its letters.
    int find(View text, uint64_t value) const {
        const size_t most = slots_.size() - 1;
        const uint64_t hashed = mixed(value);
        for (size_t at = hashed & most;; at = (at + 1) & most) {
            const Slot& slot = slots_[at];
            if (slot.number < 0) return -1;
            if (slot.tag == tag(hashed) && texts_[slot.number] == text) return slot.number;
        }
    }

    int add(View text) {
        const int known = find(text);
        if (known >= 0) return known;
        if (2 * (texts_.size() + 1) > slots_.size()) grow();
        const int number = static_cast<int>(texts_.size());
        texts_.emplace_back(text);
        place(number);
        return number;
    }

    const Text& operator[](int number) const { return texts_[number]; }
    size_t size() const { return texts_.size(); }

    void clear() {
        texts_.clear();
        slots_.assign(1024, EMPTY);
    }

  private:
    struct Slot {
        uint32_t tag;  // half of the hash: what is another text is hardly ever looked at
        int number;
    };

    static constexpr Slot EMPTY{0, -1};

    static uint32_t tag(uint64_t hashed) { return static_cast<uint32_t>(hashed >> 32); }

    static uint64_t hash(View text) { return mixed(with_letters(NO_LETTERS, text)); }

    void place(int number) {
        const size_t most = slots_.size() - 1;
        const uint64_t hashed = hash(texts_[number]);
        size_t at = hashed & most;
        while (slots_[at].number >= 0) at = (at + 1) & most;
        slots_[at] = {tag(hashed), number};
    }

    void grow() {
        slots_.assign(slots_.size() * 2, EMPTY);
        for (size_t number = 0; number < texts_.size(); number++) place(static_cast<int>(number));
    }

    std::vector<Slot> slots_;
    std::deque<Text> texts_;
};

// The figures of geoaddr/interpretation/costs.py and of the modules that have some of their own, by their names.
struct Costs {
    double NO_ACCENTS, OTHER_ACCENTS, MISSING_ACCENT, TWIN, NO_TWIN_ACCENTS, ALIAS, SHORTENED, TYPO, MORE_TYPOS,
        OTHER_ACCENTS_BESIDE;
    double OTHER_TYPE, STREET, NUMBER_BEFORE, OTHER_TYPE_BESIDE, RUN_ON, TYPED_AFTER_STREET, WORDS_AFTER;
    double WORDS_AFTER_PROVINCE, NUMBER_AFTER, TYPE_AFTER, POSTCODE_AFTER, WITHIN, FIRST, REVERSED, SHUFFLED;
    double NO_COMMUNE, NO_DISTRICT, NO_PROVINCE, ALONE, ONLY_PROVINCE, OLD_DISTRICT, OLD_PROVINCE, NEW_PROVINCE;
    double LIKE_DISTRICT, LIKE_OLD_DISTRICT, LIKE_DISTRICT_ALONE, LIKE_PROVINCE, UNUSED_UNIT, UNUSED_TYPED;
    double UNUSED_FITTING, UNUSED_WORDS, UNUSED_MOST, SAID_AGAIN, MARGIN, SURE_MARGIN, SURE;
    double DOUBTFUL, CHANCE, FAR, LIGHT, CERTAIN, CERTAIN_IF_MIXED, CHEAP_PROVINCE, CHEAP_DISTRICT;

    void read(PyObject* mapping) {
        const std::pair<const char*, double*> all[] = {
#define COST(name) {#name, &name}
            COST(NO_ACCENTS), COST(OTHER_ACCENTS), COST(MISSING_ACCENT), COST(TWIN), COST(NO_TWIN_ACCENTS),
            COST(ALIAS), COST(SHORTENED), COST(TYPO), COST(MORE_TYPOS), COST(OTHER_ACCENTS_BESIDE), COST(OTHER_TYPE), COST(STREET),
            COST(NUMBER_BEFORE), COST(OTHER_TYPE_BESIDE), COST(RUN_ON), COST(TYPED_AFTER_STREET), COST(WORDS_AFTER),
            COST(WORDS_AFTER_PROVINCE), COST(NUMBER_AFTER), COST(TYPE_AFTER), COST(POSTCODE_AFTER), COST(WITHIN),
            COST(FIRST), COST(REVERSED), COST(SHUFFLED), COST(NO_COMMUNE), COST(NO_DISTRICT), COST(NO_PROVINCE),
            COST(ALONE), COST(ONLY_PROVINCE), COST(OLD_DISTRICT), COST(OLD_PROVINCE), COST(NEW_PROVINCE),
            COST(LIKE_DISTRICT), COST(LIKE_OLD_DISTRICT), COST(LIKE_DISTRICT_ALONE), COST(LIKE_PROVINCE),
            COST(UNUSED_UNIT), COST(UNUSED_TYPED), COST(UNUSED_FITTING), COST(UNUSED_WORDS), COST(UNUSED_MOST),
            COST(SAID_AGAIN), COST(MARGIN), COST(SURE_MARGIN), COST(SURE), COST(DOUBTFUL), COST(CHANCE), COST(FAR),
            COST(LIGHT), COST(CERTAIN), COST(CERTAIN_IF_MIXED), COST(CHEAP_PROVINCE), COST(CHEAP_DISTRICT),
#undef COST
        };
        for (const auto& [name, where] : all) {
            PyObject* value = PyDict_GetItemString(mapping, name);
            if (value == nullptr) {
                PyErr_SetString(PyExc_KeyError, name);
                throw PythonError();
            }
            *where = PyFloat_AsDouble(value);
            if (PyErr_Occurred()) throw PythonError();
        }
    }

    double most_kept(double best, bool wide = false) const { return best + (best <= SURE && !wide ? SURE_MARGIN : MARGIN); }
};

}  // namespace geoaddr
