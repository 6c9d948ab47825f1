#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "json/structural_index.hpp"

namespace engagement::json {

// Walks the values of an indexed text once, from the front, and checks the JSON grammar of every byte it passes:
// simdjson's first stage alone lets `tru`, `1.2.3` or a missing comma through. Values are never converted, so 2^70,
// 1e999 and 23-digit ids are as legal as RFC 8259 says they are. Throws MalformedJson.
//
// Views point into the indexed text. Copyable: a copy goes on from the same place. Not thread safe.
//
//   ValueWalker walker(text, index);
//   walker.enter_object();
//   while (walker.next_member(key)) {           // the key as written, without its quotes (see same_key)
//     if (same_key(key, "records")) … else walker.skip_value();   // every member's value must be consumed
//   }
//   walker.finish();
class ValueWalker {
 public:
  static constexpr std::size_t kMaxDepth = 1024;

  ValueWalker(const PaddedBuffer& text, const StructuralIndex& index)
      : text_(text.data()), next_(index.positions()), end_(index.positions() + index.count()) {}

  // The first byte of the next value: { [ " t f n - or a digit, when the text is legal.
  char peek() const { return text_[*next_]; }
  bool at_object() const { return peek() == '{'; }
  bool at_array() const { return peek() == '['; }
  bool at_string() const { return peek() == '"'; }

  void enter_object() { enter('{', "an object"); }
  void enter_array() { enter('[', "an array"); }

  // Steps to the next member's value, or leaves the object and returns false.
  bool next_member(std::string_view& key) {
    if (!next_part('}')) return false;
    if (peek() != '"') fail("a member's name in quotes");
    key = string_content();
    ++next_;
    if (peek() != ':') fail("a colon");
    ++next_;
    return true;
  }

  // Steps to the next element, or leaves the array and returns false.
  bool next_element() { return next_part(']'); }

  // Passes one whole value and returns it as written.
  std::string_view skip_value() {
    const std::uint32_t begin = *next_;
    const char* end = peek() == '{' || peek() == '[' ? skip_container() : skip_scalar();
    after_value_ = true;
    return {text_ + begin, static_cast<std::size_t>(end - (text_ + begin))};
  }

  // Behind the outermost value nothing may follow.
  void finish() const {
    if (next_ != end_) fail("the end of the text");
  }

  std::size_t offset() const { return *next_; }

  // The text of the one container that this walker has passed since it was `before`, which stood at it.
  std::string_view passed_since(const ValueWalker& before) const {
    const char* begin = text_ + *before.next_;
    return {begin, static_cast<std::size_t>(text_ + next_[-1] + 1 - begin)};
  }

  // Where this walker stands, in a word: at(place) of any walker of the same text stands there again.
  using Place = const std::uint32_t*;
  Place place() const { return next_; }
  ValueWalker at(Place place) const {
    ValueWalker walker = *this;
    walker.next_ = place;
    walker.after_value_ = false;
    return walker;
  }

 private:
  void enter(char bracket, const char* wanted) {
    if (peek() != bracket) fail(wanted);
    ++next_;
    after_value_ = false;
  }

  bool next_part(char closer) {
    if (peek() == closer) {
      ++next_;
      after_value_ = true;
      return false;
    }
    if (after_value_) {
      if (peek() != ',') fail("a comma");
      ++next_;
    }
    return true;
  }

  // The string at next_ without its quotes. Its closing quote is the last thing before the next position but blanks.
  std::string_view string_content() const {
    const char* begin = text_ + *next_ + 1;
    return {begin, static_cast<std::size_t>(string_end() - 1 - begin)};
  }

  const char* string_end() const {
    const char* end = text_ + next_[1];
    while (end[-1] != '"') --end;
    return end;
  }

  const char* skip_scalar() {
    const char* end = peek() == '"' ? string_end() : check_scalar(text_ + *next_);
    ++next_;
    return end;
  }

  void pass_key() {
    if (peek() != '"') fail("a member's name in quotes");
    ++next_;
    if (peek() != ':') fail("a colon");
    ++next_;
  }

  const char* skip_container() {
    std::array<char, kMaxDepth> closers;  // not initialised: most of it is never used
    std::size_t depth = 0;
    for (;;) {
      const char first = peek();
      if (first == '{' || first == '[') {
        if (depth == kMaxDepth) fail("at most 1024 levels of nesting");
        closers[depth++] = first == '{' ? '}' : ']';
        ++next_;
        if (peek() != closers[depth - 1]) {
          if (first == '{') pass_key();
          continue;
        }
      } else {
        if (first != '"') check_scalar(text_ + *next_);
        ++next_;
      }
      while (peek() == closers[depth - 1]) {
        const char* end = text_ + *next_ + 1;
        ++next_;
        if (--depth == 0) return end;
      }
      if (peek() != ',') fail("a comma or a closing bracket");
      ++next_;
      if (closers[depth - 1] == '}') pass_key();
    }
  }

  // Checks the number or literal at `at` and returns its end.
  const char* check_scalar(const char* at) const;
  [[noreturn]] void fail(const char* wanted) const;

  const char* text_;
  const std::uint32_t* next_;
  const std::uint32_t* end_;
  bool after_value_ = false;
};

}  // namespace engagement::json
