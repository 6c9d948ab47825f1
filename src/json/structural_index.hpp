#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "json/padded_buffer.hpp"

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace engagement::json {

// The text is not JSON. `offset` is in bytes from its beginning. Never leaves the code that reads an answer: it becomes
// an outcome there.
class MalformedJson : public std::runtime_error {
 public:
  MalformedJson(const std::string& what, std::size_t offset) : std::runtime_error(what), offset_(offset) {}
  std::size_t offset() const { return offset_; }

 private:
  std::size_t offset_;
};

// What had to be mended in a text so that every line that is made of it is legal for the strictest reader.
struct Repairs {
  std::uint64_t invalid_utf8 = 0;        // byte sequences replaced by U+FFFD
  std::uint64_t lone_surrogates = 0;     // \ud800 and the like, replaced by \ufffd
  std::uint64_t control_characters = 0;  // raw inside a string, now escaped
  std::uint64_t line_separators = 0;     // U+0085, U+2028, U+2029, now escaped

  std::uint64_t total() const { return invalid_utf8 + lone_surrogates + control_characters + line_separators; }
  Repairs& operator+=(const Repairs& other);
};

// The first stage of simdjson over one text: the positions of { } [ ] : , and of the first byte of every string, number
// and literal. build() also makes the text safe to cut lines from: valid UTF-8, every escape checked, no raw newline
// left (white space becomes a blank; inside a string it is escaped), see Repairs. What is legal already stays as it is,
// byte for byte. One index serves one text after another and keeps its memory. Not thread safe.
class StructuralIndex {
 public:
  StructuralIndex();
  ~StructuralIndex();
  StructuralIndex(StructuralIndex&&) noexcept;
  StructuralIndex& operator=(StructuralIndex&&) noexcept;

  // Indexes `text`, which must stay alive and unchanged while the index is read. May replace its content (repairs).
  // Throws MalformedJson for an unclosed string, a bad escape, an empty text, or one of 4 GB or more.
  Repairs build(PaddedBuffer& text);

  const std::uint32_t* positions() const;
  std::size_t count() const;

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  PaddedBuffer spare_;  // where a repair writes the new text
};

}  // namespace engagement::json
