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

PyObject* reading_of(const Ranked& reading, const std::vector<Span>& spans, bool whole) {
    if (!whole) return Py_BuildValue("(id()())", reading.leaf, reading.cost);
    Owned chosen(PyTuple_New(reading.count));
    for (int i = 0; i < reading.count; i++) PyTuple_SET_ITEM(chosen.get(), i, Owned(match_of(reading.chosen[i], spans[i])).release());
    const double* parts = reading.parts;
    return Py_BuildValue("(idO(dddddd))", reading.leaf, reading.cost, chosen.get(), parts[SPELLING], parts[TYPE], parts[PLACE],
                         parts[MISSING], parts[UNUSED], parts[ERA]);
}

PyObject* answer_of(const Found& found, bool whole) {
    Owned readings(PyTuple_New(static_cast<Py_ssize_t>(found.readings.size())));
    for (size_t i = 0; i < found.readings.size(); i++)
        PyTuple_SET_ITEM(readings.get(), static_cast<Py_ssize_t>(i), Owned(reading_of(found.readings[i], found.spans[i], whole || i == 0)).release());
    Owned countries(PyTuple_New(static_cast<Py_ssize_t>(found.countries.size())));
    for (size_t i = 0; i < found.countries.size(); i++) {
        PyObject* span = Py_BuildValue("(ii)", found.countries[i].first, found.countries[i].second);
        PyTuple_SET_ITEM(countries.get(), static_cast<Py_ssize_t>(i), Owned(span).release());
    }
    return PyTuple_Pack(2, readings.get(), countries.get());
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

PyObject* read(PyObject* object, PyObject* arguments) {
    PyObject* text;
    Py_ssize_t limit, open_limit;
    int whole;
    if (!PyArg_ParseTuple(arguments, "Unnp", &text, &limit, &open_limit, &whole)) return nullptr;
    Engine& engine = *reinterpret_cast<EngineObject*>(object)->engine;
    return guarded([&]() -> PyObject* {
        try {
            Found found;
            engine.read(text, static_cast<size_t>(limit), static_cast<size_t>(open_limit), found);
            return answer_of(found, whole);
        } catch (const TooLong&) {
            Py_RETURN_NONE;
        }
    });
}

PyMethodDef methods[] = {
    {"read", read, METH_VARARGS, PyDoc_STR("read(text, limit, open_limit, whole): the readings of a masked text and where the country stands, or None")},
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
    Detailer(PyObject* by_first, PyObject* keys, PyObject* days, PyObject* widths) : reader_(by_first, keys) {
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
        Owned found(PyList_New(0));
        for (size_t at = 0; at < parts.size(); at++) {
            const detail::Part& part = parts[at];
            const detail::Role role = roles.of(static_cast<int>(at));
            const bool without_word = (role == detail::R_HOUSE_NUMBER || role == detail::R_POSTCODE) && part.kind != detail::LOT;
            const int start = words[part.first].start, end = words[part.last - 1].end;
            Owned piece(Py_BuildValue("(Oiii)", role_texts[role], start, end, without_word ? words[part.body].start : start));
            if (PyList_Append(found.get(), piece.get()) < 0) throw PythonError();
        }
        return found.release();
    }

    static PyObject* role_texts[detail::ROLES];

  private:
    detail::WordReader reader_;
    detail::Knowledge knowledge_;
};

PyObject* Detailer::role_texts[detail::ROLES];

struct DetailObject {
    PyObject_HEAD
    Detailer* detailer;
    PyObject* kept;
};

PyObject* make_detailer(PyTypeObject* type, PyObject* arguments, PyObject*) {
    PyObject *by_first, *keys, *days, *widths;
    if (!PyArg_ParseTuple(arguments, "O!OOO", &PyDict_Type, &by_first, &keys, &days, &widths)) return nullptr;
    DetailObject* self = reinterpret_cast<DetailObject*>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    Py_INCREF(arguments);
    self->kept = arguments;
    self->detailer = guarded([&] { return new Detailer(by_first, keys, days, widths); });
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
    {"read", read_detail, METH_VARARGS, PyDoc_STR("read(text, spans): the pieces, each its role, first character, the one after its last, and where its value begins")},
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

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_engine", PyDoc_STR("The compiled twin of the interpreter."), -1, nullptr, nullptr, nullptr, nullptr, nullptr};

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
