// The engine as a type of Python: geoaddr.interpretation._engine.Engine.
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
    if (!PyArg_ParseTuple(arguments, "Unn", &text, &limit, &open_limit)) return nullptr;
    Engine& engine = *reinterpret_cast<EngineObject*>(object)->engine;
    return guarded([&]() -> PyObject* {
        try {
            Found found;
            engine.read(text, static_cast<size_t>(limit), static_cast<size_t>(open_limit), found);
            return answer_of(found);
        } catch (const TooLong&) {
            Py_RETURN_NONE;
        }
    });
}

PyMethodDef methods[] = {
    {"read", read, METH_VARARGS, PyDoc_STR("read(text, limit, open_limit): the readings of a masked text and where the country stands, or None")},
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

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_engine", PyDoc_STR("The compiled twin of the interpreter."), -1, nullptr, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__engine() {
    for (int i = 0; i < 4; i++)
        if (!(how_texts[i] = PyUnicode_InternFromString(HOWS[i]))) return nullptr;
    PyObject* made = PyModule_Create(&module);
    if (made == nullptr) return nullptr;
    PyObject* type = PyType_FromSpec(&spec);
    if (type == nullptr || PyModule_AddObject(made, "Engine", type) < 0) {
        Py_XDECREF(type);
        Py_DECREF(made);
        return nullptr;
    }
    return made;
}
