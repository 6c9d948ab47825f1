#include "json/structural_index.hpp"

#include <simdjson.h>

#include <limits>
#include <utility>

#include "json/text_repair.hpp"

namespace engagement::json {

namespace {

constexpr std::size_t kMaxDepth = 1024;  // simdjson wants one; the walker has its own limit

simdjson::error_code first_stage(std::unique_ptr<simdjson::internal::dom_parser_implementation>& parser,
                                 const PaddedBuffer& text) {
  if (parser == nullptr || parser->capacity() < text.size()) {
    parser.reset();
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        text.capacity() > text.size() ? text.capacity() : text.size(), kMaxDepth, parser);
    if (error != simdjson::SUCCESS) throw std::bad_alloc();
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
}

// A byte order mark is no JSON; some proxies add one.
void drop_byte_order_mark(PaddedBuffer& text) {
  if (text.view().substr(0, 3) != "\xEF\xBB\xBF") return;
  for (std::size_t index = 0; index < 3; ++index) text.data()[index] = ' ';
}

}  // namespace

StructuralIndex::StructuralIndex() = default;
StructuralIndex::~StructuralIndex() = default;
StructuralIndex::StructuralIndex(StructuralIndex&&) noexcept = default;
StructuralIndex& StructuralIndex::operator=(StructuralIndex&&) noexcept = default;

Repairs StructuralIndex::build(PaddedBuffer& text) {
  Repairs repairs;
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) throw MalformedJson("a text of 4 GB or more", 0);
  text.pad();
  drop_byte_order_mark(text);
  const TextTraits traits = scan_text(text.view());
  auto error = first_stage(parser_, text);
  if (traits.has_line_separator || error == simdjson::UTF8_ERROR || error == simdjson::UNESCAPED_CHARS) {
    repairs += rewrite_safely(text.view(), spare_);
    std::swap(text, spare_);
    error = first_stage(parser_, text);
  }
  if (error != simdjson::SUCCESS) throw MalformedJson(simdjson::error_message(error), 0);
  if (traits.has_backslash) repairs.lone_surrogates += check_escapes(text.data(), text.size());
  if (traits.has_line_break) blank_line_breaks(text.data(), text.size());
  return repairs;
}

const std::uint32_t* StructuralIndex::positions() const { return parser_->structural_indexes.get(); }
std::size_t StructuralIndex::count() const { return parser_->n_structural_indexes; }

}  // namespace engagement::json
