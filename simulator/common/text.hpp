#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace engagement::simulator {

// Appending without a format string: pages of records are made of nothing else.
inline void put(std::string& out, std::string_view text) { out.append(text); }

inline void put(std::string& out, char c) { out.push_back(c); }

template <std::integral Number>
requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void put(std::string& out, Number number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

template <typename... Parts>
requires(sizeof...(Parts) > 1) void put(std::string& out, const Parts&... parts) { (put(out, parts), ...); }

// `width` digits with leading zeros; higher digits are dropped.
inline void put_padded(std::string& out, std::uint64_t number, std::size_t width) {
  const std::size_t start = out.size();
  out.append(width, '0');
  for (std::size_t at = width; at > 0 && number > 0; --at, number /= 10) {
    out[start + at - 1] = static_cast<char>('0' + number % 10);
  }
}

inline void put_hex(std::string& out, std::uint64_t number, std::size_t width = 16) {
  const std::size_t start = out.size();
  out.append(width, '0');
  for (std::size_t at = width; at > 0; --at, number >>= 4U) out[start + at - 1] = "0123456789abcdef"[number & 15U];
}

}  // namespace engagement::simulator
