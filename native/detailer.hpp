// The parts of addresses below the commune: the twin of plain_pieces in geoaddr/interpretation/detail.py.
#pragma once

#include "detail_roles.hpp"

namespace geoaddr::detail {

class Detailer {
  public:
    // days, widths: of numbers that are days and postcodes; cleaned: a stretch of text as a value; briefly: the brief
    // of pieces of which some are of one role; tables: as WordReader's
    Detailer(PyObject* by_first, PyObject* keys, PyObject* days, PyObject* widths, PyObject* cleaned, PyObject* briefly, PyObject* tables)
        : reader_(by_first, keys, tables), cleaned_(cleaned), briefly_(briefly) {
        Owned fast(PySequence_Fast(days, "days are needed"));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); i++) knowledge_.days.insert(text_of(PySequence_Fast_GET_ITEM(fast.get(), i)));
        knowledge_.postcode_widths = wholes(widths);
    }

    PyObject* read(PyObject* string, PyObject* taken) {
        read_text(string, text_);
        spans_.clear();
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(taken); i++) spans_.push_back(span_of(PyList_GET_ITEM(taken, i), 0));
        take_apart();
        return pieces(string);
    }

    // What a search asks for, of each text that there is a stretch behind its units for; None for the others and for
    // those that may have a Plus Code.
    PyObject* briefs(PyObject* texts, PyObject* begins, PyObject* lefts) {
        const Py_ssize_t count = PyList_GET_SIZE(texts);
        if (PyList_GET_SIZE(begins) != count || PyList_GET_SIZE(lefts) != count) {
            PyErr_SetString(PyExc_ValueError, "as many texts, beginnings and stretches are needed");
            throw PythonError();
        }
        Owned found(PyList_New(count));
        for (Py_ssize_t at = 0; at < count; at++) {
            PyObject* left = PyList_GET_ITEM(lefts, at);
            PyObject* told = left == Py_None ? nullptr : brief(PyList_GET_ITEM(texts, at), PyList_GET_ITEM(begins, at), left);
            if (told == nullptr) Py_INCREF(told = Py_None);
            PyList_SET_ITEM(found.get(), at, told);
        }
        return found.release();
    }

    static PyObject* role_texts[ROLES];

  private:
    static Span span_of(PyObject* pair, int from) {
        if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
            PyErr_SetString(PyExc_TypeError, "a stretch is a pair of numbers");
            throw PythonError();
        }
        return {from + static_cast<int>(whole(PyTuple_GET_ITEM(pair, 0))), from + static_cast<int>(whole(PyTuple_GET_ITEM(pair, 1)))};
    }

    // The parts of the stretches of the text, and what each is for.
    void take_apart() {
        reader_.forget();
        reader_.read(text_, spans_, words_);
        Around around(text_, spans_, reader_, knowledge_);
        parts_ = Cutter(words_, knowledge_, text_.find(U',') != Text::npos, [&]() -> const Names& { return around.names(); }).parts();
        Roles roles(words_, parts_, around);
        roles_.clear();
        for (size_t at = 0; at < parts_.size(); at++) roles_.push_back(roles.of(static_cast<int>(at)));
    }

    PyObject* pieces(PyObject* string) const {
        const Py_ssize_t count = static_cast<Py_ssize_t>(parts_.size());
        Owned places(PyTuple_New(count)), values(PyTuple_New(count));
        for (Py_ssize_t at = 0; at < count; at++) {
            const Part& part = parts_[at];
            Owned place(Py_BuildValue("(Oii)", role_texts[roles_[at]], words_[part.first].start, words_[part.last - 1].end));
            PyTuple_SET_ITEM(places.get(), at, place.release());
            PyTuple_SET_ITEM(values.get(), at, value(string, at).release());
        }
        return PyTuple_Pack(2, places.get(), values.get());
    }

    PyObject* brief(PyObject* string, PyObject* begin, PyObject* left) {
        read_text(string, text_);
        if (text_.find(U'+') != Text::npos) return nullptr;
        spans_.clear();
        const int units = static_cast<int>(whole(begin));
        add(0, units);
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(left); i++) {
            const auto [from, to] = span_of(PyTuple_GET_ITEM(left, i), units);
            add(from, to);
        }
        take_apart();
        int known = 0;
        bool each_once = true;
        for (Role role : roles_) {
            each_once = each_once && role != R_SAME && !(known >> role & 1);
            known |= 1 << role;
        }
        if (each_once) return briefly(string);
        Owned told(pieces(string));
        return Owned(PyObject_CallObject(briefly_, told.get())).release();
    }

    // A stretch of the text, unless it is blank.
    void add(int begin, int end) {
        begin = std::max(0, begin);
        end = std::min(end, static_cast<int>(text_.size()));
        if (std::any_of(text_.begin() + std::min(begin, end), text_.begin() + end, [](char32_t c) { return !is_space(c); }))
            spans_.emplace_back(begin, end);
    }

    // ((street, hamlet, building, poi, rest), (house number, alleys), unit)
    PyObject* briefly(PyObject* string) const {
        int places[ROLES];
        std::fill(places, places + ROLES, -1);
        for (size_t at = 0; at < roles_.size(); at++) places[static_cast<int>(roles_[at])] = static_cast<int>(at);
        const auto told = [&](Role role) {
            if (places[role] >= 0) return value(string, places[role]);
            Py_INCREF(Py_None);
            return Owned(Py_None);
        };
        Owned names(PyTuple_New(5)), door(PyTuple_New(2)), found(PyTuple_New(3));
        Py_ssize_t at = 0;
        for (Role role : {R_STREET, R_HAMLET, R_BUILDING, R_POI}) PyTuple_SET_ITEM(names.get(), at++, told(role).release());
        PyTuple_SET_ITEM(names.get(), at, (places[R_REST] >= 0 ? told(R_REST) : Owned(PyUnicode_New(0, 0))).release());
        Owned alleys(PyTuple_New(places[R_ALLEY] >= 0));
        if (places[R_ALLEY] >= 0) PyTuple_SET_ITEM(alleys.get(), 0, told(R_ALLEY).release());
        PyTuple_SET_ITEM(door.get(), 0, told(R_HOUSE_NUMBER).release());
        PyTuple_SET_ITEM(door.get(), 1, alleys.release());
        PyTuple_SET_ITEM(found.get(), 0, names.release());
        PyTuple_SET_ITEM(found.get(), 1, door.release());
        PyTuple_SET_ITEM(found.get(), 2, told(R_UNIT).release());
        return found.release();
    }

    // What a part says: a house number and a postcode without the word before them.
    Owned value(PyObject* string, Py_ssize_t at) const {
        const Part& part = parts_[at];
        const bool without_word = (roles_[at] == R_HOUSE_NUMBER || roles_[at] == R_POSTCODE) && part.kind != LOT;
        return cleaned(string, words_[without_word ? part.body : part.first].start, words_[part.last - 1].end);
    }

    // A stretch of the text as a value: as it is where it has single blanks and composed letters alone, as most have.
    Owned cleaned(PyObject* string, int begin, int end) const {
        bool plain = true, after_blank = true;
        for (int at = begin; at < end && plain; at++) {
            const char32_t letter = text_[at];
            const bool composed = letter < 0x300 || (letter >= 0x1ea0 && letter <= 0x1ef9);
            plain = composed && (letter == U' ' ? !after_blank : !is_space(letter));
            after_blank = letter == U' ';
        }
        Owned found(PyUnicode_Substring(string, begin, end));
        return plain && !after_blank ? std::move(found) : Owned(PyObject_CallOneArg(cleaned_, found.get()));
    }

    WordReader reader_;
    PyObject *cleaned_, *briefly_;
    Knowledge knowledge_;
    Text text_;
    std::vector<Span> spans_;
    Words words_;
    Parts parts_;
    std::vector<Role> roles_;
};

inline PyObject* Detailer::role_texts[ROLES];

}  // namespace geoaddr::detail
