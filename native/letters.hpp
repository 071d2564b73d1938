// Letters of Vietnamese words: their accents and what they are without: the twin of geoaddr/text/fold.py for words of
// composed letters, which most are. All others are left to Python.
#pragma once

#include <algorithm>
#include <array>

#include "common.hpp"

namespace geoaddr {

// What Python says of the letters that addresses are written with, by their numbers: asked once.
class Known {
  public:
    static constexpr char32_t ALL = 0x2000;
    enum : unsigned char { DECIMAL = 1, ALNUM = 2, SPACE = 4 };

    Known() {
        for (char32_t letter = 0; letter < ALL; letter++) kinds_[letter] = kind(letter);
    }

    bool is(char32_t letter, unsigned char what) const { return (letter < ALL ? kinds_[letter] : kind(letter)) & what; }

  private:
    static unsigned char kind(char32_t letter) {
        return (Py_UNICODE_ISDECIMAL(letter) ? DECIMAL : 0) | (Py_UNICODE_ISALNUM(letter) ? ALNUM : 0) | (Py_UNICODE_ISSPACE(letter) ? SPACE : 0);
    }

    std::array<unsigned char, ALL> kinds_;
};

inline const Known KNOWN;

inline bool is_decimal(char32_t letter) { return KNOWN.is(letter, Known::DECIMAL); }

inline bool is_space(char32_t letter) { return KNOWN.is(letter, Known::SPACE); }

inline bool is_ascii_digit(char32_t letter) { return letter >= U'0' && letter <= U'9'; }

inline bool is_number(View text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_digit); }

// The vowel on which a tone belongs that was written on the one before it, as in hòa; 0 where it stays, as in hòn.
inline char32_t moved_tone(char32_t before, char32_t letter) {
    static const View O = U"òóỏõọ", A = U"àáảãạ", E = U"èéẻẽẹ", U = U"ùúủũụ", Y = U"ỳýỷỹỵ";
    const size_t on_o = O.find(before), on_u = U.find(before);
    if (on_o != View::npos) return letter == U'a' ? A[on_o] : letter == U'e' ? E[on_o] : 0;
    return on_u != View::npos && letter == U'y' ? Y[on_u] : 0;
}

// The accents of a text of composed Vietnamese letters alone: its letters in lower case, the tones where they belong.
// False for any other, which is left to fold_keep_accents.
inline bool plain_accents(View text, Text& accents) {
    static const View ACCENTED = U"àáâãèéêìíòóôõùúýăđĩũơư", TONED = U"òóỏõọùúủũụ", PART = U"bcdfghjklmnpqrstvwxzđ";
    static const View BEFORE_LATE_TONE = U"eèéẻẽẹêềếểễệ", FRONT = U"òóỏõọ";
    accents.clear();
    char32_t toned = 0;
    for (size_t at = 0; at < text.size(); at++) {
        const char32_t letter = text[at];
        if (letter == 0x130) return false;  // İ, which Python lowers to two characters
        const bool small = letter == U' ' || is_ascii_digit(letter);
        const char32_t low = small ? letter : Py_UNICODE_TOLOWER(letter);
        const bool known = small || (low >= U'a' && low <= U'z') || (low >= 0x1ea1 && low <= 0x1ef9) || ACCENTED.find(low) != View::npos;
        if (!known) return false;
        if (toned && !small && PART.find(low) == View::npos) {
            const char32_t moved = moved_tone(toned, low);
            if (!moved) return false;
            const bool on_o = FRONT.find(toned) != View::npos;
            if (!on_o && at + 1 < text.size() && BEFORE_LATE_TONE.find(Py_UNICODE_TOLOWER(text[at + 1])) != View::npos) return false;
            accents.back() = on_o ? U'o' : U'u';
            accents += moved;
            toned = 0;
            continue;
        }
        toned = TONED.find(low) != View::npos ? low : 0;
        if (low != U' ') accents += low;
    }
    return true;
}

// Composed small letters, and what they are without accents.
class Letters {
  public:
    explicit Letters(PyObject* letters) {
        PyObject *letter, *plain;
        for (Py_ssize_t at = 0; PyDict_Next(letters, &at, &letter, &plain);) {
            numbers_.add(text_of(letter));
            plain_.push_back(text_of(plain));
        }
    }

    // Whether a word has such letters alone, of whatever case; how it is written with accents and without.
    bool read(View word, Text& accented, Text& folded) const {
        if (!plain_accents(word, accented)) return false;
        folded.clear();
        for (char32_t letter : accented) {
            if (letter >= U'a' && letter <= U'z') {
                folded += letter;
                continue;
            }
            const int known = numbers_.find(View(&letter, 1));
            if (known < 0) return false;
            folded += plain_[known];
        }
        return true;
    }

  private:
    Numbered numbers_;
    std::vector<Text> plain_;
};

}  // namespace geoaddr
