#include "json/value_walker.hpp"

#include <cstring>

namespace engagement::json {

namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool ends_scalar(char letter) {
  return letter == ',' || letter == '}' || letter == ']' || letter == ' ' || letter == '\n' || letter == '\t' ||
         letter == '\r';
}

// RFC 8259 section 6. Returns nullptr for what is no number.
const char* number_end(const char* at) {
  if (*at == '-') ++at;
  if (*at == '0') {
    ++at;
  } else {
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) ++at;
  }
  if (*at == '.') {
    if (!is_digit(*++at)) return nullptr;
    while (is_digit(*at)) ++at;
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) ++at;
  }
  return at;
}

const char* literal_end(const char* at) {
  if (std::memcmp(at, "true", 4) == 0 || std::memcmp(at, "null", 4) == 0) return at + 4;
  if (std::memcmp(at, "false", 5) == 0) return at + 5;
  return nullptr;
}

}  // namespace

const char* ValueWalker::check_scalar(const char* at) const {
  const char* end = is_digit(*at) || *at == '-' ? number_end(at) : literal_end(at);
  if (end == nullptr || !ends_scalar(*end)) fail("a value");
  return end;
}

void ValueWalker::fail(const char* wanted) const {
  const char* found = text_ + *next_;
  const std::string shown = next_ >= end_ ? "the end" : "\"" + std::string(found, strnlen(found, 12)) + "\"";
  throw MalformedJson("expected " + std::string(wanted) + ", found " + shown, *next_);
}

}  // namespace engagement::json
