// What is compiled, as types of Python: geoaddr.interpretation._engine.Engine and DetailReader.
#include "detailer.hpp"
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

// As bytes all that is told of readings whose best one begins at a character, from there on.
Owned told_of(const Found& found, int begin) {
    std::string told;
    const auto tell = [&](const auto& value) { told.append(reinterpret_cast<const char*>(&value), sizeof value); };
    const auto place = [&](const Span& span) { tell(span.first - begin), tell(span.second - begin); };
    for (size_t i = 0; i < found.readings.size(); i++) {
        const Ranked& reading = found.readings[i];
        tell(reading.leaf), tell(reading.cost), tell(reading.count);
        for (int j = 0; j < reading.count; j++) tell(reading.chosen[j].entity), place(found.spans[i][j]);
    }
    for (const Span& country : found.countries) place(country);
    return Owned(PyBytes_FromStringAndSize(told.data(), static_cast<Py_ssize_t>(told.size())));
}

Owned ending_of(PyObject* text, const Found& found, int begin) {
    Owned ending(PyUnicode_Substring(text, begin, PyUnicode_GET_LENGTH(text)));
    return Owned(PyTuple_Pack(2, ending.get(), told_of(found, begin).get()));
}

// Where the units of a text's best reading begin, and its ending from there on; neither where nothing was understood.
// The endings of one chain are one object.
void find_ending(Engine& engine, PyObject* text, size_t limit, size_t open_limit, int& begin, PyObject*& ending) {
    Found found;
    const auto [chain, cut] = engine.read_chain(text, limit, open_limit, found);
    if (chain == nullptr) {
        if (found.readings.empty()) return;
        begin = found.spans[0][0].first;
        ending = ending_of(text, found, begin).release();
        return;
    }
    begin = cut + chain->spans[0].first;
    if (chain->ending.get() == nullptr) {
        Chains::put(*chain, cut, found);
        chain->ending.keep(ending_of(text, found, begin));
    }
    Py_INCREF(ending = chain->ending.get());
}

PyObject* endings(PyObject* object, PyObject* arguments) {
    PyObject* texts;
    Py_ssize_t limit, open_limit;
    if (!PyArg_ParseTuple(arguments, "O!nn", &PyList_Type, &texts, &limit, &open_limit)) return nullptr;
    Engine& engine = *reinterpret_cast<EngineObject*>(object)->engine;
    return guarded([&] {
        const Py_ssize_t count = PyList_GET_SIZE(texts);
        Owned begins(PyList_New(count)), found(PyList_New(count));
        for (Py_ssize_t at = 0; at < count; at++) {
            int begin = 0;
            PyObject *text = PyList_GET_ITEM(texts, at), *ending = nullptr;
            try {
                if (text != Py_None) find_ending(engine, text, static_cast<size_t>(limit), static_cast<size_t>(open_limit), begin, ending);
            } catch (const TooLong&) {
            }
            if (ending == nullptr) Py_INCREF(ending = Py_None);
            PyList_SET_ITEM(found.get(), at, ending);
            PyList_SET_ITEM(begins.get(), at, Owned(PyLong_FromLong(begin)).release());
        }
        return PyTuple_Pack(2, begins.get(), found.get());
    });
}

PyObject* likeliest(PyObject* object, PyObject* arguments) { return read_by(object, arguments, likeliest_of); }

PyMethodDef methods[] = {
    {"read", read, METH_VARARGS, PyDoc_STR("read(text, limit, open_limit): the readings of a masked text and where the country stands, or None")},
    {"likeliest", likeliest, METH_VARARGS, PyDoc_STR("likeliest(text, limit, open_limit): of the best reading what a conversion asks for, and the others; or None")},
    {"endings", endings, METH_VARARGS, PyDoc_STR("endings(texts, limit, open_limit): where the units of the best readings begin, and the texts from there on with what is told of the readings; or None")},
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

struct DetailObject {
    PyObject_HEAD
    detail::Detailer* detailer;
    PyObject* kept;
};

PyObject* make_detailer(PyTypeObject* type, PyObject* arguments, PyObject*) {
    PyObject *by_first, *keys, *days, *widths, *cleaned, *briefly, *tables;
    if (!PyArg_ParseTuple(arguments, "O!OOOOOO!", &PyDict_Type, &by_first, &keys, &days, &widths, &cleaned, &briefly, &PyDict_Type, &tables)) return nullptr;
    DetailObject* self = reinterpret_cast<DetailObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    Py_INCREF(arguments);
    self->kept = arguments;
    self->detailer = guarded([&] { return new detail::Detailer(by_first, keys, days, widths, cleaned, briefly, tables); });
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

PyObject* read_briefs(PyObject* object, PyObject* arguments) {
    PyObject *texts, *begins, *lefts;
    if (!PyArg_ParseTuple(arguments, "O!O!O!", &PyList_Type, &texts, &PyList_Type, &begins, &PyList_Type, &lefts)) return nullptr;
    return guarded([&] { return reinterpret_cast<DetailObject*>(object)->detailer->briefs(texts, begins, lefts); });
}

PyMethodDef detail_methods[] = {
    {"briefs", read_briefs, METH_VARARGS, PyDoc_STR("briefs(texts, begins, lefts): what a search asks for before the units that begin there, and in stretches behind them")},
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
        if (!(detail::Detailer::role_texts[i] = PyUnicode_InternFromString(detail::ROLE_NAMES[i]))) return nullptr;
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
