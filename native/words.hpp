// The words of one text, marked: the twin of geoaddr/interpretation/words.py.
#pragma once

#include "lexicon.hpp"

namespace geoaddr {

struct Piece {
    Text folded, accented;
    int start, end;
    bool number, begins_token;
    int lex;  // the number of the word in the lexicon, or -1
};

struct Word {
    const Piece* piece;
    int start, end;
    bool hard, opens, dot;  // what the signs before it say
    bool number() const { return piece->number; }
    const Text& folded() const { return piece->folded; }
    const Text& accented() const { return piece->accented; }
    int length() const { return end - start; }
};

struct Announced {
    int at = -1;  // the type word's first word, or the position after it
    const TypeWord* word = nullptr;
    explicit operator bool() const { return word != nullptr; }
};

struct Words {
    std::vector<Word> words;
    std::vector<char> hard, opens, street, street_after, country;
    std::vector<Announced> types_end, types_after;
    std::deque<std::vector<Piece>> seldom;  // words too long to be kept
    bool english = false;                   // a type word after a name
    bool typed = false;                     // a type word before one

    int size() const { return static_cast<int>(words.size()); }

    void clear() {
        words.clear();
        seldom.clear();
        english = typed = false;
    }
};

using Span = std::pair<int, int>;

class WordReader {
  public:
    // pieces: the words of one run of letters or digits, as geoaddr.interpretation.words.WordReader.pieces gives them;
    // letters: composed small letters and what they are without accents; syllables: what words are made of
    WordReader(const Lexicon& lexicon, PyObject* pieces, PyObject* letters, PyObject* syllables, int first_words,
               int last_words, size_t most, size_t longest)
        : lexicon_(lexicon), pieces_(pieces), first_words_(first_words), last_words_(last_words), most_(most),
          longest_(longest), letters_(letters) {
        Owned fast(PySequence_Fast(syllables, "syllables are needed"));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); i++)
            syllables_.add(text_of(PySequence_Fast_GET_ITEM(fast.get(), i)));
    }

    // Before a text: nothing that was read before is needed any more.
    void forget() {
        if (runs_.size() < most_) return;
        runs_.clear();
        of_run_.clear();
    }

    void read(View text, Words& into) {
        into.clear();
        auto& begins = begins_;
        begins.clear();
        int last = 0;
        const int length = static_cast<int>(text.size());
        for (int at = 0; at < length;) {
            const int end = run_end(text, at);
            if (end == at) {
                at++;
                continue;
            }
            for (const Piece& piece : pieces_of(text.substr(at, end - at), into)) {
                if (piece.begins_token) begins.push_back(into.size());
                const int start = piece.start + at;
                Word word{&piece, start, piece.end + at, false, false, false};
                mark_gap(text.substr(last, start - last), word);
                last = word.end;
                into.words.push_back(word);
            }
            at = end;
        }
        if (static_cast<int>(begins.size()) > first_words_ + last_words_) shorten(into, begins);
        if (into.size() > MOST_WORDS) throw TooLong();
        mark(into);
    }

    static std::vector<Span> countries(const Words& words) {
        std::vector<Span> found;
        for (int i = 0; i < words.size(); i++) {
            if (!words.country[i]) continue;
            const Word& word = words.words[i];
            if (i && words.country[i - 1])
                found.back().second = word.end;
            else
                found.emplace_back(word.start, word.end);
        }
        return found;
    }

  private:
    static bool is_letter(char32_t c) {
        if (c < 128) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return (c >= 0x300 && c <= 0x36f) || (KNOWN.is(c, Known::ALNUM) && !is_decimal(c));
    }

    static bool is_apostrophe(char32_t c) { return View(U"'`´ʹʼ‘’‛′＇").find(c) != View::npos; }

    static int run_end(View text, int at) {
        const int length = static_cast<int>(text.size());
        int end = at;
        while (end < length && is_decimal(text[end])) end++;
        if (end > at) return end;
        while (end < length && is_letter(text[end])) end++;
        if (end == at) return at;
        while (end + 1 < length && is_apostrophe(text[end]) && is_letter(text[end + 1])) {
            end++;
            while (end < length && is_letter(text[end])) end++;
        }
        return end;
    }

    const std::vector<Piece>& pieces_of(View run, Words& into) {
        const int known = runs_.find(run);
        if (known >= 0) return of_run_[known];
        std::vector<Piece> read;
        if (!(is_syllable(run, read) || is_number(run, read))) read = ask(run);
        if (run.size() > longest_) {
            into.seldom.push_back(std::move(read));
            return into.seldom.back();
        }
        runs_.add(run);
        of_run_.push_back(std::move(read));
        return of_run_.back();
    }

    // Most runs are one syllable in small letters, the first of which may be a capital.
    bool is_syllable(View run, std::vector<Piece>& read) const {
        Piece piece{{}, {}, 0, static_cast<int>(run.size()), false, true, -1};
        for (char32_t letter : run.substr(1))
            if (static_cast<char32_t>(Py_UNICODE_TOLOWER(letter)) != letter) return false;
        if (!letters_.read(run, piece.accented, piece.folded)) return false;
        if (piece.folded.size() > 2 && syllables_.find(piece.folded) < 0) return false;
        piece.lex = lexicon_.word(piece.folded);
        read.push_back(std::move(piece));
        return true;
    }

    // Numbers are written without the noughts before them.
    bool is_number(View run, std::vector<Piece>& read) const {
        if (!geoaddr::is_number(run)) return false;
        View plain = run;
        while (plain.size() > 1 && plain.front() == U'0') plain.remove_prefix(1);
        read.push_back({Text(plain), Text(plain), 0, static_cast<int>(run.size()), true, true, lexicon_.word(plain)});
        return true;
    }

    std::vector<Piece> ask(View run) {
        Owned string(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, run.data(), static_cast<Py_ssize_t>(run.size())));
        Owned answer(PyObject_CallOneArg(pieces_, string.get()));
        std::vector<Piece> read;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(answer.get()); i++) {
            PyObject* each = PyTuple_GET_ITEM(answer.get(), i);
            Piece piece{text_of(PyTuple_GET_ITEM(each, 0)), text_of(PyTuple_GET_ITEM(each, 1)),
                        static_cast<int>(whole(PyTuple_GET_ITEM(each, 2))),
                        static_cast<int>(whole(PyTuple_GET_ITEM(each, 3))),
                        PyTuple_GET_ITEM(each, 4) == Py_True, PyTuple_GET_ITEM(each, 5) == Py_True, -1};
            piece.lex = lexicon_.word(piece.folded);
            read.push_back(std::move(piece));
        }
        return read;
    }

    // The signs between two words: blanks at their ends say nothing.
    static void mark_gap(View gap, Word& word) {
        while (!gap.empty() && is_space(gap.front())) gap.remove_prefix(1);
        while (!gap.empty() && is_space(gap.back())) gap.remove_suffix(1);
        if (gap.empty()) return;
        static const View HARD = U",;:!?|()[]{}<>/\\\"\n\r\t，、。；•·", SOFT = U"-–—_~=+*";
        bool slash = false, soft = false;
        for (char32_t sign : gap) {
            word.hard = word.hard || HARD.find(sign) != View::npos;
            soft = soft || SOFT.find(sign) != View::npos;
            slash = slash || sign == U'/';
        }
        word.opens = (word.hard && !slash) || soft;
        word.dot = gap.front() == U'.';
    }

    void shorten(Words& words, const std::vector<int>& begins) const {
        const int first = begins[first_words_], last = begins[begins.size() - last_words_];
        words.words.erase(words.words.begin() + first, words.words.begin() + last);
        words.words[first].hard = words.words[first].opens = true;
        words.words[first].dot = false;
    }

    void mark(Words& words) const {
        const int n = words.size();
        for (auto* marks : {&words.hard, &words.opens, &words.street, &words.street_after, &words.country})
            marks->assign(n + 1, 0);
        words.types_end.assign(n + 1, Announced());
        words.types_after.assign(n + 1, Announced());
        words.hard[0] = words.opens[0] = words.hard[n] = words.opens[n] = 1;
        for (int i = 1; i < n; i++) {
            words.hard[i] = words.words[i].hard;
            words.opens[i] = words.words[i].opens;
        }
        for (int i = 0; i < n; i++)
            if (words.words[i].piece->lex >= 0 && !words.words[i].number()) mark_from(words, i);
    }

    void mark_from(Words& words, int i) const {
        int node = 0;
        const int most = std::min(i + lexicon_.most_words, words.size());
        for (int j = i; j < most; j++) {
            if (j > i && words.hard[j]) return;
            node = lexicon_.step(node, words.words[j].piece->lex);
            if (node < 0) return;
            for (const Role& role : lexicon_.roles(node)) mark_role(words, i, j + 1, role);
        }
    }

    static void mark_role(Words& words, int begin, int end, const Role& role) {
        switch (role.kind) {
            case Role::TYPE: {
                Announced& known = words.types_end[end];
                if (!words.hard[end] && (!known || known.at > begin)) known = {begin, role.word};
                words.typed = words.typed || bool(words.types_end[end]);
                break;
            }
            case Role::TYPE_AFTER:
                words.types_after[begin] = {end, role.word};
                words.english = true;
                break;
            case Role::STREET:
                words.street[end] = 1;
                break;
            case Role::STREET_AFTER:
                words.street_after[begin] = 1;
                break;
            case Role::COUNTRY:
                if (!words.types_end[begin])
                    for (int i = begin; i < end; i++) words.country[i] = 1;
                break;
        }
    }

    const Lexicon& lexicon_;
    PyObject* pieces_;
    int first_words_, last_words_;
    size_t most_, longest_;
    Letters letters_;
    Numbered syllables_;
    std::vector<int> begins_;
    Numbered runs_;
    std::deque<std::vector<Piece>> of_run_;
};

}  // namespace geoaddr
