#include "simulator/clevertap/cursor.hpp"

#include <array>

#include "simulator/common/draw.hpp"
#include "simulator/common/http_text.hpp"

namespace engagement::simulator::clevertap {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint64_t kCursorSalt = 0xC0450;
constexpr std::size_t kPlaceBytes = 8;

std::string base64_of(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.push_back(at + i <= bytes.size() ? kAlphabet[group >> (18 - 6 * i) & 63U] : '=');
    }
  }
  return out;
}

// The first bytes of a base64 text: enough to learn the place it claims.
std::optional<std::uint64_t> leading_number(std::string_view text) {
  if (text.size() < 12) return std::nullopt;
  std::array<unsigned char, 9> bytes{};
  for (std::size_t at = 0; at < 12; at += 4) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto digit = kAlphabet.find(text[at + i]);
      if (digit == std::string_view::npos) return std::nullopt;
      group = group << 6U | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t i = 0; i < 3; ++i) bytes[at / 4 * 3 + i] = static_cast<unsigned char>(group >> (16 - 8 * i));
  }
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kPlaceBytes; ++i) number = number << 8U | bytes[i];
  return number;
}

std::string plain_cursor(std::uint64_t seed, CursorPlace place) {
  const std::uint64_t number = std::uint64_t{place.export_number} << 32U | place.page;
  // Masked by the seed alone, so that the place can be read back; the rest depends on the place.
  const std::uint64_t masked = number ^ mix(seed, kCursorSalt);
  std::string bytes;
  for (std::size_t i = 0; i < kPlaceBytes; ++i) bytes.push_back(static_cast<char>(masked >> (56 - 8 * i)));
  Draw draw(mix(masked, kCursorSalt));
  const std::size_t size = 1'100 + draw.below(198) * 3;  // one byte short of a multiple of three: it ends in "="
  while (bytes.size() < size) bytes.push_back(static_cast<char>(draw.next()));
  return base64_of(bytes);
}

}  // namespace

std::string cursor_text(std::uint64_t seed, CursorPlace place) { return percent_encode(plain_cursor(seed, place)); }

std::optional<CursorPlace> place_of(std::uint64_t seed, std::string_view decoded) {
  const auto masked = leading_number(decoded);
  if (!masked) return std::nullopt;
  const std::uint64_t number = *masked ^ mix(seed, kCursorSalt);
  const CursorPlace place{static_cast<std::uint32_t>(number >> 32U), static_cast<std::uint32_t>(number)};
  if (plain_cursor(seed, place) != decoded) return std::nullopt;
  return place;
}

}  // namespace engagement::simulator::clevertap
