#include "sources/clevertap/exports/export_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json/string_text.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/queries/answer_number.hpp"

namespace engagement::clevertap {

namespace {

std::string text_of(std::string_view value) {
  return json::is_string(value) ? json::decode_string(json::string_content(value)) : std::string(value);
}

void read_records(json::ValueWalker& walker, const WantedMembers& wanted, std::vector<ExportRecord>& records) {
  if (!walker.at_array()) {
    const auto offset = walker.offset();
    if (walker.skip_value() != "null") throw json::MalformedJson("\"records\" is no array", offset);
    return;
  }
  walker.enter_array();
  while (walker.next_element()) {
    if (!walker.at_object()) throw json::MalformedJson("a record that is no object", walker.offset());
    records.push_back(read_record(walker, wanted));
  }
}

struct Members {
  Envelope envelope;
  std::optional<std::string> cursor;
  std::optional<std::string> next_cursor;
};

void read_cursor(std::string_view value, std::optional<std::string>& cursor) {
  if (value == "null") return;
  auto text = text_of(value);
  if (!text.empty()) cursor = std::move(text);
}

void read_members(json::ValueWalker& walker, const WantedMembers& wanted, Members& members,
                  std::vector<ExportRecord>& records) {
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    if (json::same_key(key, "records")) {
      read_records(walker, wanted, records);
      continue;
    }
    const std::string_view value = walker.skip_value();
    if (json::same_key(key, "status")) members.envelope.status = text_of(value);
    if (json::same_key(key, "error") && value != "null") members.envelope.error = plain_words(text_of(value));
    if (json::same_key(key, "code")) members.envelope.code = integer_in(value);
    // The answer to the POST says `cursor`, pages say `next_cursor`.
    if (json::same_key(key, "cursor")) read_cursor(value, members.cursor);
    if (json::same_key(key, "next_cursor")) read_cursor(value, members.next_cursor);
  }
  walker.finish();
}

}  // namespace

ExportRecord read_record(json::ValueWalker& walker, const WantedMembers& wanted) {
  ExportRecord record{{{}, walker}};
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const auto is_key = [&](std::string_view name) { return json::same_key(key, name); };
    const auto name = std::find_if(wanted.names.begin(), wanted.names.end(), is_key);
    if (name != wanted.names.end()) {
      record.places[static_cast<std::size_t>(name - wanted.names.begin())] = walker.place();
    } else if (!record.collision) {
      record.collision = std::any_of(wanted.added.begin(), wanted.added.end(), is_key);
    }
    walker.skip_value();
  }
  record.text = walker.passed_since(record.walker);
  return record;
}

rest::Answer ExportPage::read(const WantedMembers& wanted) {
  records.clear();
  next_cursor.reset();
  Members members;
  try {
    repairs = index.build(response.body);
    json::ValueWalker walker(response.body, index);
    read_members(walker, wanted, members, records);
  } catch (const json::MalformedJson& error) {
    records.clear();
    return rest::unreadable_answer(
        response.status, response.body.view(),
        fmt::format("malformed JSON at byte {} of {} ({})", error.offset(), response.body.size(), error.what()));
  }
  next_cursor = members.next_cursor ? std::move(members.next_cursor) : std::move(members.cursor);
  auto answer = with_words(to_answer(response.status, members.envelope), response);
  if (!answer.succeeded) records.clear();
  return answer;
}

}  // namespace engagement::clevertap
