#include "http/inflater.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace engagement::http {

namespace {

// The decoder works best when it can write well ahead of its 32 KB window; capacity that is never written costs
// nothing.
constexpr std::size_t kLeastRoom = 64 * 1024;
// ISA-L counts in 32 bits, and its own sums of such counts must not wrap.
constexpr std::size_t kMostAtOnce = 1U << 30;

// RFC 1950: method 8, a window of at most 32 KB, and the two bytes together a multiple of 31.
bool is_zlib_header(unsigned char first, unsigned char second) {
  return (first & 0x0f) == 8 && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

}  // namespace

struct Inflater::State {
  enum class Phase {
    gzip_header,     // of the first member, or of a further one
    deflate_header,  // the two bytes that tell zlib from raw
    data,            // compressed blocks and their checksum
    ended,           // exactly at the end of a member
    corrupt,
  };

  void begin_member();
  // Each takes from the input and returns false where it is corrupt.
  bool read_gzip_header();
  bool read_deflate_header(json::PaddedBuffer& out);
  bool read_data(json::PaddedBuffer& out);
  bool step(json::PaddedBuffer& out);

  Phase phase = Phase::corrupt;  // until begin()
  Format format = Format::gzip;
  unsigned char first_bytes[2] = {};
  std::size_t first_byte_count = 0;
  // Ours, and read by our own call: isal_inflate() would forget the flags of a header that comes in several chunks.
  isal_gzip_header gzip_header = {};
  inflate_state isal = {};
};

void Inflater::State::begin_member() {
  isal_inflate_reset(&isal);
  if (format == Format::gzip) {
    isal.crc_flag = ISAL_GZIP_NO_HDR_VER;
    isal_gzip_header_init(&gzip_header);
    phase = Phase::gzip_header;
  } else {
    first_byte_count = 0;
    phase = Phase::deflate_header;
  }
}

bool Inflater::State::read_gzip_header() {
  const int result = isal_read_gzip_header(&isal, &gzip_header);
  if (result < 0) return false;
  if (result == ISAL_DECOMP_OK) phase = Phase::data;
  return true;  // else ISAL_END_INPUT: the rest comes with the next chunk
}

bool Inflater::State::read_deflate_header(json::PaddedBuffer& out) {
  while (first_byte_count < 2 && isal.avail_in > 0) {
    first_bytes[first_byte_count++] = *isal.next_in++;
    --isal.avail_in;
  }
  if (first_byte_count < 2) return true;
  phase = Phase::data;
  if (is_zlib_header(first_bytes[0], first_bytes[1])) {
    constexpr unsigned char kPresetDictionary = 0x20;
    isal.crc_flag = ISAL_ZLIB_NO_HDR_VER;
    return (first_bytes[1] & kPresetDictionary) == 0;
  }
  // Raw: both bytes are data already. Put them where ISA-L keeps bits that it has read but not used.
  isal.crc_flag = ISAL_DEFLATE;
  isal.read_in = static_cast<std::uint64_t>(first_bytes[0]) | static_cast<std::uint64_t>(first_bytes[1]) << 8;
  isal.read_in_length = 16;
  return read_data(out);  // the two bytes may be the whole body
}

bool Inflater::State::read_data(json::PaddedBuffer& out) {
  do {
    if (out.capacity() - out.size() < kLeastRoom) out.reserve_room(kLeastRoom);
    const std::size_t room = std::min(out.capacity() - out.size(), kMostAtOnce);
    const std::uint32_t input_before = isal.avail_in;
    isal.next_out = reinterpret_cast<std::uint8_t*>(out.reserve_room(0));
    isal.avail_out = static_cast<std::uint32_t>(room);
    const int result = isal_inflate(&isal);
    const std::size_t written = room - isal.avail_out;
    out.grow_by(written);
    if (result != ISAL_DECOMP_OK) return false;
    if (isal.block_state == ISAL_BLOCK_FINISH) {
      phase = Phase::ended;
      // ISA-L may have read ahead, but never past the checksum of a gzip member.
      return format == Format::gzip || isal.read_in_length < 8;
    }
    if (written == 0 && isal.avail_in == input_before && input_before > 0) return false;  // never spin
  } while (isal.avail_in > 0 || isal.avail_out == 0);
  return true;
}

bool Inflater::State::step(json::PaddedBuffer& out) {
  switch (phase) {
    case Phase::gzip_header:
      return read_gzip_header();
    case Phase::deflate_header:
      return read_deflate_header(out);
    case Phase::data:
      return read_data(out);
    case Phase::ended:
      if (format == Format::deflate) return false;  // bytes behind the end
      begin_member();
      return true;
    case Phase::corrupt:
      break;
  }
  return false;
}

Inflater::Inflater() : state_(std::make_unique<State>()) { isal_inflate_init(&state_->isal); }
Inflater::~Inflater() = default;

void Inflater::begin(Format format) {
  state_->format = format;
  state_->begin_member();
}

bool Inflater::feed(std::string_view chunk, json::PaddedBuffer& out) {
  State& state = *state_;
  while (!chunk.empty() && state.phase != State::Phase::corrupt) {
    const std::size_t size = std::min(chunk.size(), kMostAtOnce);
    // ISA-L's input pointer lacks a const; it only reads.
    state.isal.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(chunk.data()));
    state.isal.avail_in = static_cast<std::uint32_t>(size);
    while (state.isal.avail_in > 0 && state.phase != State::Phase::corrupt) {
      if (!state.step(out)) state.phase = State::Phase::corrupt;
    }
    chunk.remove_prefix(size);
  }
  return state.phase != State::Phase::corrupt;
}

bool Inflater::finished() const { return state_->phase == State::Phase::ended; }

}  // namespace engagement::http
