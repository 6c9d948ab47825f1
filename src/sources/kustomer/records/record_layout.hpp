#pragma once

#include <memory>
#include <string>

#include "engine/stream_context.hpp"
#include "rest/record_writer.hpp"
#include "sources/kustomer/config.hpp"

namespace engagement::kustomer {

// The JSON:API layout: the row as sent, with `updated_at` (a copy of attributes.`changed`) before it.
class JsonApiRecords final : public rest::RecordMaker {
 public:
  // `cursor` is what the copy is called, `changed` the path of what is copied: "updated_at", "attributes.updatedAt".
  JsonApiRecords(std::string cursor, std::string changed) : cursor_(std::move(cursor)), changed_(std::move(changed)) {}

  bool append(const json::RecordSlice& record, std::string& out) override;

 private:
  std::string cursor_;
  std::string changed_;
};

// Records in a layout. `cursor` and `changed`: see JsonApiRecords; both empty where the records have no cursor. The
// context outlives the maker.
std::unique_ptr<rest::RecordMaker> make_records(Layout layout, const std::string& cursor, const std::string& changed,
                                                engine::StreamContext& context);

}  // namespace engagement::kustomer
