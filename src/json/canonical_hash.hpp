#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value_walker.hpp"

namespace engagement::json {

// 128 bits of XXH3. The same on every architecture.
struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

Hash128 hash_bytes(std::string_view bytes);

// Passes one value and hashes what it says, not how it is written: the order of an object's members, white space and
// the spelling of escapes do not count; the order of an array's elements and the spelling of numbers do.
Hash128 hash_value(ValueWalker& walker);

// 32 lower-case hexadecimal digits.
void append_hex(std::string& out, const Hash128& hash);
std::string to_hex(const Hash128& hash);

}  // namespace engagement::json
