#include "sources/kustomer/records/record_layout.hpp"

#include "json/member_at.hpp"
#include "json/string_text.hpp"
#include "sources/kustomer/records/flat_record.hpp"

namespace engagement::kustomer {

bool JsonApiRecords::append(const json::RecordSlice& record, std::string& out) {
  json::ValueWalker walker = record.walker;
  if (!walker.at_object()) return false;
  const auto changed = json::member_at(record.walker, changed_);
  out += "{\"";
  out += cursor_;
  out += "\":";
  out += changed.value_or("null");
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view value = walker.skip_value();
    if (json::same_key(key, cursor_)) continue;
    out += ",\"";
    out += key;
    out += "\":";
    out += value;
  }
  out += '}';
  return true;
}

std::unique_ptr<rest::RecordMaker> make_records(Layout layout, const std::string& cursor, const std::string& changed,
                                                engine::StreamContext& context) {
  if (layout == Layout::flat) return std::make_unique<FlatRecords>(context.drift());
  if (cursor.empty()) return std::make_unique<rest::VerbatimRecords>();
  return std::make_unique<JsonApiRecords>(cursor, changed);
}

}  // namespace engagement::kustomer
