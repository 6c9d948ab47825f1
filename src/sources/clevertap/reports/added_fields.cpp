#include "sources/clevertap/reports/added_fields.hpp"

#include <fmt/format.h>

#include "core/time_text.hpp"
#include "json/member_at.hpp"
#include "sources/clevertap/exports/record_maker.hpp"

namespace engagement::clevertap {

namespace {

class RecordsWithFields final : public rest::RecordMaker {
 public:
  RecordsWithFields(const AddedFields& fields, engine::StreamContext& context)
      : fields_(fields), context_(context), now_(to_rfc3339(context.environment().clock.now())) {
    for (const std::string_view name : {fields.key, fields.key_from, fields.time}) {
      if (!name.empty()) replaced_.push_back(name);
    }
  }

  bool append(const json::RecordSlice& record, std::string& out) override {
    fmt::format_to(std::back_inserter(out), R"({{"{}":)", fields_.key);
    const std::size_t before = out.size();
    append_as_text(out, key_of(record));
    if (std::string_view(out).substr(before) == "null") warn_of_no_key();
    if (!fields_.time.empty()) fmt::format_to(std::back_inserter(out), R"(,"{}":"{}")", fields_.time, now_);
    auto replaced = replaced_;
    if (!fields_.filled.empty() && is_missing(record, fields_.filled)) {
      fmt::format_to(std::back_inserter(out), R"(,"{}":{})", fields_.filled,
                     json::member_at(record.walker, fields_.filled_from).value_or("null"));
      replaced.push_back(fields_.filled);
    }
    append_members(out, record, true, replaced);
    return true;
  }

 private:
  // Some answers call the key as we do.
  std::string_view key_of(const json::RecordSlice& record) const {
    const auto value = json::member_at(record.walker, fields_.key_from).value_or("null");
    return value == "null" ? json::member_at(record.walker, fields_.key).value_or("null") : value;
  }

  static bool is_missing(const json::RecordSlice& record, std::string_view name) {
    const auto value = json::member_at(record.walker, name);
    return !value || *value == "null" || *value == R"("")";
  }

  void warn_of_no_key() {
    context_.warn_once("no key",
                       fmt::format("at least one record has no \"{}\"; its {} is null", fields_.key_from, fields_.key));
  }

  const AddedFields fields_;
  engine::StreamContext& context_;
  std::string now_;
  std::vector<std::string_view> replaced_;
};

}  // namespace

std::unique_ptr<rest::RecordMaker> make_records_with(const AddedFields& fields, engine::StreamContext& context) {
  return std::make_unique<RecordsWithFields>(fields, context);
}

}  // namespace engagement::clevertap
