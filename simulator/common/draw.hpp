#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace engagement::simulator {

// SplitMix64's finaliser: a bijection of 64 bits that scatters neighbouring inputs.
constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

constexpr std::uint64_t mix(std::uint64_t first, std::uint64_t second) { return mix(mix(first) ^ second); }

// FNV-1a, for names.
constexpr std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

// A stream of values that its key alone decides: the same on every machine, unlike <random>'s distributions.
class Draw {
 public:
  explicit constexpr Draw(std::uint64_t key) : state_(key) {}

  constexpr std::uint64_t next() { return mix(state_++); }
  // Uniform in [0, bound). REQUIRES bound > 0.
  constexpr std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  constexpr bool one_in(std::uint64_t bound) { return below(bound) == 0; }

  template <typename T, std::size_t kSize>
  constexpr const T& pick(const T (&choices)[kSize]) {
    return choices[below(kSize)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace engagement::simulator
