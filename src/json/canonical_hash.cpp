#include "json/canonical_hash.hpp"

#define XXH_INLINE_ALL  // the keys of a record are short: a call costs as much as the hash
#include <xxhash.h>

#include <array>
#include <cstring>

#include "json/string_text.hpp"

namespace engagement::json {

namespace {

// One seed for each kind of value, so that "1" and 1, or [] and {}, differ.
constexpr std::uint64_t kString = 1;
constexpr std::uint64_t kNumberOrLiteral = 2;
constexpr std::uint64_t kObject = 3;
constexpr std::uint64_t kArray = 4;

Hash128 from_xxh(XXH128_hash_t hash) { return {hash.low64, hash.high64}; }

Hash128 hash_seeded(std::string_view bytes, std::uint64_t seed) {
  return from_xxh(XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
}

Hash128 hash_pair(const Hash128& hash, std::uint64_t seed) {
  XXH128_canonical_t bytes;  // the same bytes on every architecture
  XXH128_canonicalFromHash(&bytes, XXH128_hash_t{hash.low, hash.high});
  return from_xxh(XXH3_128bits_withSeed(&bytes, sizeof bytes, seed));
}

std::uint64_t hash_string_64(std::string_view raw) {
  if (!has_escape(raw)) return XXH3_64bits(raw.data(), raw.size());
  const std::string text = decode_string(raw);
  return XXH3_64bits(text.data(), text.size());
}

// `seed` ties a member's value to its name.
Hash128 hash_at(ValueWalker& walker, std::uint64_t seed);

Hash128 hash_object(ValueWalker& walker, std::uint64_t seed) {
  Hash128 sum;  // addition forgets the order
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const Hash128 member = hash_at(walker, hash_string_64(key));
    sum.low += member.low;
    sum.high += member.high;
  }
  return hash_pair(sum, seed + kObject);
}

Hash128 hash_array(ValueWalker& walker, std::uint64_t seed) {
  Hash128 chain;
  walker.enter_array();
  while (walker.next_element()) {
    const Hash128 element = hash_at(walker, 0);
    chain = hash_pair({chain.low + element.low, chain.high + element.high}, kArray);
  }
  return hash_pair(chain, seed + kArray);
}

Hash128 hash_at(ValueWalker& walker, std::uint64_t seed) {
  if (walker.at_object()) return hash_object(walker, seed);
  if (walker.at_array()) return hash_array(walker, seed);
  const std::string_view value = walker.skip_value();
  if (!is_string(value)) return hash_seeded(value, seed + kNumberOrLiteral);
  const std::string_view raw = string_content(value);
  if (!has_escape(raw)) return hash_seeded(raw, seed + kString);
  return hash_seeded(decode_string(raw), seed + kString);
}

}  // namespace

Hash128 hash_bytes(std::string_view bytes) { return from_xxh(XXH3_128bits(bytes.data(), bytes.size())); }

Hash128 hash_value(ValueWalker& walker) { return hash_at(walker, 0); }

void append_hex(std::string& out, const Hash128& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::array<char, 32> text;
  std::size_t at = 0;
  for (const std::uint64_t half : {hash.high, hash.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) text[at++] = kDigits[(half >> shift) & 15];
  }
  out.append(text.data(), text.size());
}

std::string to_hex(const Hash128& hash) {
  std::string text;
  append_hex(text, hash);
  return text;
}

}  // namespace engagement::json
