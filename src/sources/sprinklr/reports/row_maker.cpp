#include "sources/sprinklr/reports/row_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/time_text.hpp"
#include "json/string_text.hpp"
#include "sources/sprinklr/answers.hpp"

namespace engagement::sprinklr {

namespace {

// Sprinklr serves 10,000 rows for a window of messages; other reports may have more.
constexpr std::size_t kRememberedRows = 20'000;

std::string as_written(const std::string& text) {
  std::string quoted;
  json::append_quoted(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

bool is_added_name(std::string_view name) {
  return std::any_of(kAddedToRows.begin(), kAddedToRows.end(),
                     [&](std::string_view added) { return json::same_key(name, added); });
}

bool is_decimal_number(std::string_view value) {
  const bool number = value.front() == '-' || (value.front() >= '0' && value.front() <= '9');
  return number && value.find_first_of(".eE") != std::string_view::npos;
}

}  // namespace

rest::PageShape report_page_shape() {
  rest::PageShape shape{{"data.data", "data.rows", "rows"}, {"data.headings", "headings", "data.hasMore", "hasMore"}};
  for (auto& value : failure_values()) shape.values.push_back(std::move(value));
  return shape;
}

rest::PageJudge report_judge(const ReportDefinition& report) { return report.v1 ? judge_page_v1 : judge_page; }

RowMaker::RowMaker(const ReportDefinition& report, engine::Context& context, engine::DriftReport* drift)
    : report_(report), context_(context), drift_(drift) {
  for (const auto* headings : {&report.dimensions, &report.measurements}) {
    for (const auto& heading : *headings) payload_columns_.push_back(as_written(heading));
  }
  if (report.flatten == Flatten::none) return;
  flattener_.emplace(report, [this](const std::string& name) {
    if (drift_ != nullptr) drift_->collided(name);
  });
}

void RowMaker::window_began(SystemTime begin, SystemTime end, std::chrono::milliseconds width) {
  window_in_key_ = key_needs_window(report_, width);
  window_start_ = to_rfc3339(begin);
  window_end_ = to_rfc3339(end);
  rows_by_key_.clear();
}

void RowMaker::page_began(const rest::Page& page) {
  added_ = fmt::format(R"(","window_start":"{}","window_end":"{}","extracted_at":"{}")", window_start_, window_end_,
                       to_rfc3339(context_.environment().clock.now()));
  const auto headings = page.value("data.headings") ? page.value("data.headings") : page.value("headings");
  if (!headings) {
    columns_ = payload_columns_;
    columns_text_.clear();
    return;
  }
  if (*headings == columns_text_) return;
  columns_text_ = *headings;
  columns_.clear();
  const auto list = engine::Json::parse(columns_text_, nullptr, false);
  std::set<std::string> seen;
  for (const auto& heading : list.is_array() ? list : engine::Json::array()) {
    const auto text = heading.is_string() ? heading.get<std::string>() : heading.dump();
    if (!seen.insert(text).second) {
      throw config_error(fmt::format(
          "Sprinklr's answer has the heading \"{}\" twice, so that one column would hide the other. Give every heading "
          "of the report a name of its own: in a payload its \"heading\"s, in a widget its columns' names.",
          text));
    }
    columns_.push_back(as_written(text));
  }
}

void RowMaker::read_members(const json::RecordSlice& record) {
  members_.clear();
  has_added_name_ = false;
  if (record.walker.at_object()) {
    read_object(record.walker);
  } else {
    read_array(record.walker);
  }
}

void RowMaker::read_object(json::ValueWalker walker) {
  walker.enter_object();
  std::string_view name;
  while (walker.next_member(name)) {
    members_.push_back({name, walker});
    walker.skip_value();
    has_added_name_ = has_added_name_ || is_added_name(name);
  }
}

void RowMaker::read_array(json::ValueWalker walker) {
  std::size_t values = 0;
  walker.enter_array();
  for (; walker.next_element(); ++values, walker.skip_value()) {
    if (values >= columns_.size()) continue;
    members_.push_back({columns_[values], walker});
    has_added_name_ = has_added_name_ || is_added_name(columns_[values]);
  }
  if (values == columns_.size()) return;
  throw system_error(
      fmt::format("A row of the report has {} values where {} has {} headings, so that nobody can tell which is which. "
                  "Generate the payload again in Sprinklr.",
                  values, columns_text_.empty() ? "the payload" : "the answer", columns_.size()));
}

RowMaker::Role RowMaker::role_of(std::size_t position, std::string_view name) {
  if (position < names_.size() && names_[position].name == name) return names_[position].role;
  const std::string text = json::decode_string(name);
  const auto is_in = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  Role role = Role::by_its_value;
  if (is_in(report_.dimensions)) {
    role = Role::dimension;
  } else if (!report_.is_widget() || text.starts_with("M_")) {
    role = Role::measurement;
  }
  if (position >= names_.size()) names_.resize(position + 1);
  names_[position] = {std::string(name), role};
  return role;
}

json::Hash128 RowMaker::key_of_row() {
  key_.begin();
  for (std::size_t at = 0; at < members_.size(); ++at) {
    const Member& member = members_[at];
    const Role role = role_of(at, member.name);
    if (role == Role::measurement) continue;
    // Nobody says which columns of a widget are dimensions. A measurement has a decimal point; what is wrongly taken
    // for a dimension makes a second key for a row, but the other way round two rows would get the same.
    if (role == Role::by_its_value && is_decimal_number(json::ValueWalker(member.value).skip_value())) continue;
    key_.add(member.name, member.value);
  }
  if (window_in_key_) key_.add_window(window_start_);
  return key_.finish();
}

bool RowMaker::append(const json::RecordSlice& record, std::string& out) {
  read_members(record);
  const json::Hash128 key = key_of_row();
  note_key(key, record);
  out += R"({"row_id":")";
  json::append_hex(out, key);
  out += added_;
  append_members(record, out);
  return true;
}

void RowMaker::append_members(const json::RecordSlice& record, std::string& out) {
  if (flattener_) {
    flattener_->begin();
    for (const auto& member : members_) flattener_->add(member.name, member.value);
    flattener_->finish(out);
  } else if (has_added_name_ || !record.walker.at_object()) {
    append_each_member(out);
  } else if (!members_.empty()) {
    out.push_back(',');
    out += record.text.substr(1);
    return;
  }
  out.push_back('}');
}

void RowMaker::append_each_member(std::string& out) {
  for (const auto& member : members_) {
    if (has_added_name_ && is_added_name(member.name)) {
      if (drift_ != nullptr) drift_->collided(std::string(member.name));
      continue;
    }
    out += ",\"";
    out += member.name;
    out += "\":";
    out += json::ValueWalker(member.value).skip_value();
  }
}

// What a destination that deduplicates would never show: two things of the same label are one to Sprinklr's headings,
// and rows that move between pages while they are read.
void RowMaker::note_key(const json::Hash128& key, const json::RecordSlice& row) {
  if (rows_by_key_.size() >= kRememberedRows) return;
  const std::uint64_t content = json::hash_bytes(row.text).low;
  const auto [found, is_new] = rows_by_key_.emplace(key.low, content);
  if (is_new) return;
  if (found->second == content) {
    context_.warn_once(
        "row twice",
        fmt::format(
            "Sprinklr sent a row of the window from {} twice, so the order of the rows changes from page to page "
            "and other rows may be missing. Sort the report by a dimension, or choose smaller windows "
            "(window_hours)",
            window_start_));
    return;
  }
  context_.warn_once(
      "same key",
      fmt::format("several rows of the window from {} have the same dimensions and different measurements, and so the "
                  "same row_id: Sprinklr shows labels, and two things can have the same (\"Access Denied\" is one). A "
                  "destination that deduplicates keeps one of them. Add a dimension that tells them apart to the "
                  "report, or show ids (additional.RESOLVER_SKIP_FIELDS)",
                  window_start_));
}

}  // namespace engagement::sprinklr
