#pragma once

#include <isa-l/igzip_lib.h>

#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engagement::test {

enum class Wrapper { raw = IGZIP_DEFLATE, gzip = IGZIP_GZIP, zlib = IGZIP_ZLIB };

inline std::string compressed(std::string_view text, Wrapper wrapper) {
  auto stream = std::make_unique<isal_zstream>();
  isal_deflate_init(stream.get());
  std::string result(text.size() + text.size() / 8 + 1024, '\0');
  stream->gzip_flag = static_cast<std::uint16_t>(wrapper);
  stream->end_of_stream = 1;
  stream->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream->avail_in = static_cast<std::uint32_t>(text.size());
  stream->next_out = reinterpret_cast<std::uint8_t*>(result.data());
  stream->avail_out = static_cast<std::uint32_t>(result.size());
  if (isal_deflate(stream.get()) != COMP_OK || stream->internal_state.state != ZSTATE_END) {
    throw std::runtime_error("cannot compress a fixture");
  }
  result.resize(stream->total_out);
  return result;
}

// JSON-like text of about `size` bytes with long-range repeats, always the same.
inline std::string sample_text(std::size_t size) {
  std::mt19937 random(7);
  std::string text = "{\"records\":[";
  while (text.size() < size) {
    text += "{\"id\":" + std::to_string(random());
    text += ",\"city\":\"Town " + std::to_string(random() % 50);
    text += "\",\"score\":" + std::to_string(random() % 1000) + "},";
  }
  return text;
}

}  // namespace engagement::test
