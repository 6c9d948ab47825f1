#include "simulator/common/gzip.hpp"

#include <isa-l.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace engagement::simulator {

namespace {

// What nginx and the like do by default (zlib's level 6 or less) compresses about as well as ISA-L's second level.
constexpr std::uint32_t kDeflateLevel = 2;
constexpr std::size_t kOutputStep = 1U << 20U;

void append_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8U) out.push_back(static_cast<char>(value & 0xFFU));
}

}  // namespace

const std::string_view kGzipHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);

std::string deflate_open(std::string_view text) {
  std::vector<std::uint8_t> workspace(ISAL_DEF_LVL2_DEFAULT);
  isal_zstream stream{};
  isal_deflate_init(&stream);
  stream.level = kDeflateLevel;
  stream.level_buf = workspace.data();
  stream.level_buf_size = static_cast<std::uint32_t>(workspace.size());
  stream.gzip_flag = IGZIP_DEFLATE;
  stream.flush = FULL_FLUSH;
  std::string input(text);  // the library wants a mutable pointer
  stream.next_in = reinterpret_cast<std::uint8_t*>(input.data());
  stream.avail_in = static_cast<std::uint32_t>(input.size());

  std::string out;
  std::size_t used = 0;
  do {
    out.resize(used + kOutputStep);
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data() + used);
    stream.avail_out = kOutputStep;
    if (isal_deflate(&stream) != COMP_OK) throw std::runtime_error("igzip refused to compress");
    used += kOutputStep - stream.avail_out;
  } while (stream.avail_out == 0);
  out.resize(used);
  out.shrink_to_fit();
  return out;
}

std::string stored_block(std::string_view text, bool last) {
  if (text.size() > 0xFFFF) throw std::length_error("a stored block holds at most 65535 bytes");
  std::string out(1, last ? '\1' : '\0');
  append_little_endian(out, text.size(), 2);
  append_little_endian(out, ~text.size(), 2);
  return out.append(text);
}

std::uint32_t continue_crc32(std::uint32_t before, std::string_view text) {
  return crc32_gzip_refl(before, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

std::string gzip_trailer(std::uint32_t crc, std::uint64_t plain_size) {
  std::string out;
  append_little_endian(out, crc, 4);
  append_little_endian(out, plain_size, 4);
  return out;
}

}  // namespace engagement::simulator
