// What is compiled, as types of Python: geoaddr.interpretation._engine.Engine and DetailReader.
#include "detail_roles.hpp"
#include "engine.hpp"

using namespace geoaddr;

namespace {

struct EngineObject {
    PyObject_HEAD
    Engine* engine;
    PyObject* kept;  // what the engine points into
};

constexpr const char* HOWS[] = {"exact", "alias", "no_accents", "fuzzy"};
PyObject* how_texts[4];

// A C++ exception as one of Python.
template <typename Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const PythonError&) {
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

PyObject* match_of(const Match& match, const Span& span) {
    return Py_BuildValue("(iiOOdii)", match.entity, match.rank, match.name->text, how_texts[match.how], match.cost, span.first, span.second);
}

PyObject* reading_of(const Ranked& reading, const std::vector<Span>& spans) {
    Owned chosen(PyTuple_New(reading.count));
    for (int i = 0; i < reading.count; i++) PyTuple_SET_ITEM(chosen.get(), i, Owned(match_of(reading.chosen[i], spans[i])).release());
    const double* parts = reading.parts;
    return Py_BuildValue("(idO(dddddd))", reading.leaf, reading.cost, chosen.get(), parts[SPELLING], parts[TYPE], parts[PLACE],
                         parts[MISSING], parts[UNUSED], parts[ERA]);
}

PyObject* answer_of(const Found& found) {
    Owned readings(PyTuple_New(static_cast<Py_ssize_t>(found.readings.size())));
    for (size_t i = 0; i < found.readings.size(); i++)
        PyTuple_SET_ITEM(readings.get(), static_cast<Py_ssize_t>(i), Owned(reading_of(found.readings[i], found.spans[i])).release());
    Owned countries(PyTuple_New(static_cast<Py_ssize_t>(found.countries.size())));
    for (size_t i = 0; i < found.countries.size(); i++) {
        PyObject* span = Py_BuildValue("(ii)", found.countries[i].first, found.countries[i].second);
        PyTuple_SET_ITEM(countries.get(), static_cast<Py_ssize_t>(i), Owned(span).release());
    }
    return PyTuple_Pack(2, readings.get(), countries.get());
}

// A tuple of what each makes of its place.
template <typename Make>
PyObject* tuple_of(size_t count, Make make) {
    Owned found(PyTuple_New(static_cast<Py_ssize_t>(count)));
    for (size_t i = 0; i < count; i++) PyTuple_SET_ITEM(found.get(), static_cast<Py_ssize_t>(i), Owned(make(i)).release());
    return found.release();
}

PyObject* pair_of(const Span& span) {
    Owned begin(PyLong_FromLong(span.first)), end(PyLong_FromLong(span.second));
    return PyTuple_Pack(2, begin.get(), end.get());
}

// What the spans of a reading and of the country leave of a text.
std::vector<Span> rest_of(std::vector<Span> taken, int length) {
    std::sort(taken.begin(), taken.end());
    std::vector<Span> rest;
    int at = 0;
    for (const auto& [begin, end] : taken) {
        if (begin > at) rest.emplace_back(at, begin);
        at = std::max(at, end);
    }
    if (at < length) rest.emplace_back(at, length);
    return rest;
}

PyObject* likeliest_of(const Found& found, int length) {
    if (found.readings.empty()) return PyTuple_New(0);
    const Ranked& best = found.readings[0];
    const std::vector<Span>& spans = found.spans[0];
    Owned leaf(PyLong_FromLong(best.leaf)), cost(PyFloat_FromDouble(best.cost));
    Owned chosen(tuple_of(static_cast<size_t>(best.count), [&](size_t i) {
        Owned entity(PyLong_FromLong(best.chosen[i].entity)), rank(PyLong_FromLong(best.chosen[i].rank)), span(pair_of(spans[i]));
        return PyTuple_Pack(3, entity.get(), rank.get(), span.get());
    }));
    std::vector<Span> taken = found.countries;
    taken.insert(taken.end(), spans.begin(), spans.begin() + best.count);
    const std::vector<Span> left = rest_of(std::move(taken), length);
    Owned rest(tuple_of(left.size(), [&](size_t i) { return pair_of(left[i]); }));
    Owned others(tuple_of(found.readings.size() - 1, [&](size_t i) {
        return Py_BuildValue("(id)", found.readings[i + 1].leaf, found.readings[i + 1].cost);
    }));
    return PyTuple_Pack(5, leaf.get(), cost.get(), chosen.get(), rest.get(), others.get());
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
    PyObject *tables, *costs, *limits, *pieces, *accents, *is_abroad;
    if (!PyArg_ParseTuple(arguments, "O!O!O!OOO", &PyDict_Type, &tables, &PyDict_Type, &costs, &PyDict_Type, &limits, &pieces, &accents, &is_abroad))
        return nullptr;
    EngineObject* self = reinterpret_cast<EngineObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    Py_INCREF(arguments);
    self->kept = arguments;
    self->engine = guarded([&] { return new Engine(tables, costs, limits, pieces, accents, is_abroad); });
    if (self->engine != nullptr) return reinterpret_cast<PyObject*>(self);
    Py_DECREF(self);
    return nullptr;
}

void drop(PyObject* object) {
    EngineObject* self = reinterpret_cast<EngineObject*>(object);
    PyTypeObject* type = Py_TYPE(object);
    delete self->engine;
    Py_XDECREF(self->kept);
    type->tp_free(object);
    Py_DECREF(type);
}

// What a text's readings are answered as; None for one that is not for the engine.
template <typename Answer>
PyObject* read_by(PyObject* object, PyObject* arguments, Answer answer) {
    PyObject* text;
    Py_ssize_t limit, open_limit;
    if (!PyArg_ParseTuple(arguments, "Unn", &text, &limit, &open_limit)) return nullptr;
    Engine& engine = *reinterpret_cast<EngineObject*>(object)->engine;
    return guarded([&]() -> PyObject* {
        try {
            Found found;
            engine.read(text, static_cast<size_t>(limit), static_cast<size_t>(open_limit), found);
            return answer(found, static_cast<int>(PyUnicode_GET_LENGTH(text)));
        } catch (const TooLong&) {
            Py_RETURN_NONE;
        }
    });
}

PyObject* read(PyObject* object, PyObject* arguments) {
    return read_by(object, arguments, [](const Found& found, int) { return answer_of(found); });
}

// Where the units of the best reading begin, and as bytes all that is told of the readings from there on: texts that
// end alike and are read alike have the same.
PyObject* ending_of(const Found& found, int) {
    if (found.readings.empty()) Py_RETURN_NONE;
    const int cut = found.spans[0][0].first;
    std::string told;
    const auto tell = [&](const auto& value) { told.append(reinterpret_cast<const char*>(&value), sizeof value); };
    const auto place = [&](const Span& span) { tell(span.first - cut), tell(span.second - cut); };
    for (size_t i = 0; i < found.readings.size(); i++) {
        const Ranked& reading = found.readings[i];
        tell(reading.leaf), tell(reading.cost), tell(reading.count);
        for (int j = 0; j < reading.count; j++) tell(reading.chosen[j].entity), place(found.spans[i][j]);
    }
    for (const Span& country : found.countries) place(country);
    Owned begin(PyLong_FromLong(cut)), readings(PyBytes_FromStringAndSize(told.data(), static_cast<Py_ssize_t>(told.size())));
    return PyTuple_Pack(2, begin.get(), readings.get());
}

PyObject* likeliest(PyObject* object, PyObject* arguments) { return read_by(object, arguments, likeliest_of); }

PyObject* ending(PyObject* object, PyObject* arguments) { return read_by(object, arguments, ending_of); }

PyMethodDef methods[] = {
    {"read", read, METH_VARARGS, PyDoc_STR("read(text, limit, open_limit): the readings of a masked text and where the country stands, or None")},
    {"likeliest", likeliest, METH_VARARGS, PyDoc_STR("likeliest(text, limit, open_limit): of the best reading what a conversion asks for, and the others; or None")},
    {"ending", ending, METH_VARARGS, PyDoc_STR("ending(text, limit, open_limit): where the units of the best reading begin, and what tells endings apart that are read otherwise; or None")},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("The readings of texts, by compiled code; made by geoaddr.interpretation.compiled")},
    {Py_tp_new, reinterpret_cast<void*>(make)},
    {Py_tp_dealloc, reinterpret_cast<void*>(drop)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {"geoaddr.interpretation._engine.Engine", sizeof(EngineObject), 0, Py_TPFLAGS_DEFAULT, slots};

// The parts of an address below the commune.
class Detailer {
  public:
    // days, widths: of numbers that are days and postcodes; cleaned: a stretch of text as a value; tables: as
    // WordReader's
    Detailer(PyObject* by_first, PyObject* keys, PyObject* days, PyObject* widths, PyObject* cleaned, PyObject* tables)
        : reader_(by_first, keys, tables), cleaned_(cleaned) {
        Owned fast(PySequence_Fast(days, "days are needed"));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); i++) knowledge_.days.insert(text_of(PySequence_Fast_GET_ITEM(fast.get(), i)));
        knowledge_.postcode_widths = wholes(widths);
    }

    PyObject* read(PyObject* string, PyObject* taken) {
        reader_.forget();
        const Text text = text_of(string);
        std::vector<Span> spans;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(taken); i++) {
            PyObject* span = PyList_GET_ITEM(taken, i);
            spans.emplace_back(static_cast<int>(whole(PyTuple_GetItem(span, 0))), static_cast<int>(whole(PyTuple_GetItem(span, 1))));
        }
        detail::Words words;
        reader_.read(text, spans, words);
        detail::Around around(text, spans, reader_, knowledge_);
        const detail::Parts parts =
            detail::Cutter(words, knowledge_, text.find(U',') != Text::npos, [&]() -> const detail::Names& { return around.names(); }).parts();
        detail::Roles roles(words, parts, around);
        Owned places(PyTuple_New(static_cast<Py_ssize_t>(parts.size()))), values(PyTuple_New(static_cast<Py_ssize_t>(parts.size())));
        for (size_t at = 0; at < parts.size(); at++) {
            const detail::Part& part = parts[at];
            const detail::Role role = roles.of(static_cast<int>(at));
            const bool without_word = (role == detail::R_HOUSE_NUMBER || role == detail::R_POSTCODE) && part.kind != detail::LOT;
            const int start = words[part.first].start, end = words[part.last - 1].end;
            Owned place(Py_BuildValue("(Oii)", role_texts[role], start, end));
            PyTuple_SET_ITEM(places.get(), static_cast<Py_ssize_t>(at), place.release());
            PyTuple_SET_ITEM(values.get(), static_cast<Py_ssize_t>(at), value(string, text, without_word ? words[part.body].start : start, end));
        }
        return PyTuple_Pack(2, places.get(), values.get());
    }

    static PyObject* role_texts[detail::ROLES];

  private:
    // A stretch of the text as a value: as it is where it has single blanks and composed letters alone, as most have.
    PyObject* value(PyObject* string, const Text& text, int begin, int end) const {
        bool plain = true, after_blank = true;
        for (int at = begin; at < end && plain; at++) {
            const char32_t letter = text[at];
            const bool composed = letter < 0x300 || (letter >= 0x1ea0 && letter <= 0x1ef9);
            plain = composed && (letter == U' ' ? !after_blank : !Py_UNICODE_ISSPACE(letter));
            after_blank = letter == U' ';
        }
        Owned found(PyUnicode_Substring(string, begin, end));
        return plain && !after_blank ? found.release() : Owned(PyObject_CallOneArg(cleaned_, found.get())).release();
    }

    detail::WordReader reader_;
    PyObject* cleaned_;
    detail::Knowledge knowledge_;
};

PyObject* Detailer::role_texts[detail::ROLES];

struct DetailObject {
    PyObject_HEAD
    Detailer* detailer;
    PyObject* kept;
};

PyObject* make_detailer(PyTypeObject* type, PyObject* arguments, PyObject*) {
    PyObject *by_first, *keys, *days, *widths, *cleaned, *tables;
    if (!PyArg_ParseTuple(arguments, "O!OOOOO!", &PyDict_Type, &by_first, &keys, &days, &widths, &cleaned, &PyDict_Type, &tables)) return nullptr;
    DetailObject* self = reinterpret_cast<DetailObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    Py_INCREF(arguments);
    self->kept = arguments;
    self->detailer = guarded([&] { return new Detailer(by_first, keys, days, widths, cleaned, tables); });
    if (self->detailer != nullptr) return reinterpret_cast<PyObject*>(self);
    Py_DECREF(self);
    return nullptr;
}

void drop_detailer(PyObject* object) {
    DetailObject* self = reinterpret_cast<DetailObject*>(object);
    PyTypeObject* type = Py_TYPE(object);
    delete self->detailer;
    Py_XDECREF(self->kept);
    type->tp_free(object);
    Py_DECREF(type);
}

PyObject* read_detail(PyObject* object, PyObject* arguments) {
    PyObject *text, *spans;
    if (!PyArg_ParseTuple(arguments, "UO!", &text, &PyList_Type, &spans)) return nullptr;
    return guarded([&] { return reinterpret_cast<DetailObject*>(object)->detailer->read(text, spans); });
}

PyMethodDef detail_methods[] = {
    {"read", read_detail, METH_VARARGS, PyDoc_STR("read(text, spans): the pieces, each its role, first character, and the one after its last; and their values")},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot detail_slots[] = {
    {Py_tp_doc, const_cast<char*>("The parts of addresses below the commune; made by geoaddr.interpretation.detail_compiled")},
    {Py_tp_new, reinterpret_cast<void*>(make_detailer)},
    {Py_tp_dealloc, reinterpret_cast<void*>(drop_detailer)},
    {Py_tp_methods, detail_methods},
    {0, nullptr},
};

PyType_Spec detail_spec = {"geoaddr.interpretation._engine.DetailReader", sizeof(DetailObject), 0, Py_TPFLAGS_DEFAULT, detail_slots};

// Whether a text can be read and surely has no code and no link in it: no sign of one, no five digits in a row, and no
// run of a geohash's letters with a w that is long enough.
PyObject* is_ordinary(PyObject*, PyObject* text) {
    static constexpr Py_ssize_t LONGEST = 4096;
    static constexpr int DIGITS = 5, GEOHASH = 12;
    if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) > LONGEST) Py_RETURN_FALSE;
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const int kind = PyUnicode_KIND(text);
    const void* data = PyUnicode_DATA(text);
    int digits = 0, run = 0, ws = 0;
    bool has_w = false;
    Py_UCS4 before = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        const Py_UCS4 letter = PyUnicode_READ(kind, data, i);
        const bool digit = letter >= '0' && letter <= '9';
        digits = digit ? digits + 1 : 0;
        ws = letter == 'w' ? ws + 1 : 0;
        const bool in_geohash = digit || (letter >= 'b' && letter <= 'z' && letter != 'i' && letter != 'l' && letter != 'o');
        run = in_geohash ? run + 1 : 0;
        has_w = in_geohash && (has_w || letter == 'w');
        const bool sign = letter == '+' || letter == '@' || (letter == '/' && before == '/') || (letter >= 0xd800 && letter <= 0xdfff);
        if (sign || digits >= DIGITS || ws >= 3 || (has_w && run >= GEOHASH)) Py_RETURN_FALSE;
        before = letter;
    }
    Py_RETURN_TRUE;
}

PyMethodDef functions[] = {
    {"is_ordinary", is_ordinary, METH_O, PyDoc_STR("is_ordinary(text): whether it is a text that surely has no code and no link in it")},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_engine", PyDoc_STR("The compiled twin of the interpreter."), -1, functions, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__engine() {
    for (int i = 0; i < 4; i++)
        if (!(how_texts[i] = PyUnicode_InternFromString(HOWS[i]))) return nullptr;
    for (int i = 0; i < detail::ROLES; i++)
        if (!(Detailer::role_texts[i] = PyUnicode_InternFromString(detail::ROLE_NAMES[i]))) return nullptr;
    PyObject* made = PyModule_Create(&module);
    if (made == nullptr) return nullptr;
    for (const auto& [name, each] : {std::pair("Engine", &spec), std::pair("DetailReader", &detail_spec)}) {
        PyObject* type = PyType_FromSpec(each);
        if (type == nullptr || PyModule_AddObject(made, name, type) < 0) {
            Py_XDECREF(type);
            Py_DECREF(made);
            return nullptr;
        }
    }
    return made;
}
