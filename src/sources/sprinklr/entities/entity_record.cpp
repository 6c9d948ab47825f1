#include "sources/sprinklr/entities/entity_record.hpp"

#include "core/time_text.hpp"
#include "json/member_at.hpp"
#include "sources/sprinklr/entities/search_reader.hpp"

namespace engagement::sprinklr {

namespace {

bool is_number(std::string_view value) {
  return value.front() == '-' || (value.front() >= '0' && value.front() <= '9');
}

}  // namespace

bool EntityRecord::append(const json::RecordSlice& record, std::string& out) {
  std::string_view text = record.text;
  if (!cursor_.empty()) {
    out += "{\"";
    out += cursor_;
    out += "\":";
    if (const auto time = time_of_member(record, path_)) {
      out += '"' + to_rfc3339(*time) + '"';
    } else {
      out += "null";
    }
    text.remove_prefix(1);
    if (text.find_first_not_of(" \t") != text.size() - 1) out.push_back(',');
  }
  const auto id = json::member_at(record.walker, id_);
  if (!id || !is_number(*id)) {
    out += text;
    return true;
  }
  const auto before = static_cast<std::size_t>(id->data() - text.data());
  out += text.substr(0, before);
  out.push_back('"');
  out += *id;
  out.push_back('"');
  out += text.substr(before + id->size());
  return true;
}

}  // namespace engagement::sprinklr
