#pragma once

#include <string_view>

#include "rest/record_writer.hpp"

namespace engagement::sprinklr {

// Delivers a record as it came, but for the identifier, which becomes a text where it is a number, and, where `cursor`
// is not empty, with the time at `path` added in front under that name (UTC, RFC 3339; null where there is none).
// What is pointed to outlives the maker.
class EntityRecord final : public rest::RecordMaker {
 public:
  explicit EntityRecord(std::string_view id, std::string_view path = {}, std::string_view cursor = {})
      : id_(id), path_(path), cursor_(cursor) {}

  bool append(const json::RecordSlice& record, std::string& out) override;

 private:
  std::string_view id_;
  std::string_view path_;
  std::string_view cursor_;
};

}  // namespace engagement::sprinklr
