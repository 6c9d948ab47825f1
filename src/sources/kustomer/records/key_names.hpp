#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace engagement::kustomer {

// tap-kustomer's convert(): `(.)([A-Z][a-z]+)` and then `([a-z0-9])([A-Z])` become `\1_\2`, then lower case. UTF-8.
std::string to_snake_case(std::string_view key);

// What keys are called in the flat layout. Two keys that become the same have the same Name, and an address that stays.
// Not thread safe.
class KeyNames {
 public:
  static constexpr std::size_t kStampedDepths = 8;

  struct Name {
    std::string text;     // "created_at", decoded
    std::string written;  // `,"created_at":`, ready to be put before a value
    // The object at each depth that has this name among its members so far (FlatRecords).
    std::array<std::uint32_t, kStampedDepths> stamps{};
  };

  // Of a key as it stands in JSON, without its quotes. A key often follows the same key as before, so most look-ups
  // are one comparison.
  Name& of(std::string_view raw) {
    if (last_ != nullptr && last_->next != nullptr && last_->next->raw == raw) {
      last_ = last_->next;
      return *last_->name;
    }
    return look_up(raw);
  }

  Name& named(std::string_view snake_case);  // by what it is called

  // Maps whose keys are data bring new keys for ever. Forgets all of them once they are many; every Name dies then.
  // Returns whether it did.
  bool forget_if_crowded();

 private:
  struct Spelling {
    std::string raw;
    Name* name = nullptr;
    Spelling* next = nullptr;  // what came after it the last time
  };

  Name& look_up(std::string_view raw);
  Spelling& find(std::string_view raw);
  void grow();

  static constexpr std::size_t kMostSpellings = 8192;

  std::deque<Name> names_;
  std::unordered_map<std::string_view, Name*> by_text_;  // views into names_
  std::deque<Spelling> spellings_;
  std::vector<Spelling*> table_ = std::vector<Spelling*>(1024);  // open addressing by the hash of raw; a power of two
  Spelling* last_ = nullptr;
};

}  // namespace engagement::kustomer
