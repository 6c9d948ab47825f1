#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace engagement::simulator {

// A gzip file is made of parts here, so that the large unchanging middle of a page is compressed once and the cursor
// beside it, which differs, is stored as it is: kGzipHeader, then any order of deflate_open() and stored_block(...,
// false), then stored_block(..., true), then gzip_trailer(). It is one ordinary member, not several.
extern const std::string_view kGzipHeader;

// `text` as deflate blocks that end at a byte's edge, refer to nothing before them, and are not the stream's last.
std::string deflate_open(std::string_view text);

// `text` (at most 65 535 bytes) uncompressed, the stream's last block if `last`.
std::string stored_block(std::string_view text, bool last);

// The check sum of what was before (0 at first), continued over `text`.
std::uint32_t continue_crc32(std::uint32_t before, std::string_view text);

std::string gzip_trailer(std::uint32_t crc, std::uint64_t plain_size);

}  // namespace engagement::simulator
