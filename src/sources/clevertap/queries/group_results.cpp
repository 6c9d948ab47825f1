#include "sources/clevertap/queries/group_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "core/error.hpp"
#include "json/string_text.hpp"
#include "protocol/json_text.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

// A number, also one that is sent as text; empty for anything else.
std::string_view number_in(std::string_view value) {
  if (json::is_string(value)) value = json::string_content(value);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error != std::errc::invalid_argument && end == value.data() + value.size() ? value : std::string_view();
}

std::optional<std::int64_t> whole_number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

ConnectorError unknown_form(const std::string& where) {
  return system_error(
      "CleverTap answered a query in a form that the connector does not know. Please report this with the log of this "
      "sync.",
      where);
}

}  // namespace

std::string sum_of(std::string_view left, std::string_view right) {
  const auto one = whole_number_in(left);
  const auto other = whole_number_in(right);
  if (one && other) return std::to_string(*one + *other);
  return fmt::format(
      "{}", std::strtod(std::string(left).c_str(), nullptr) + std::strtod(std::string(right).c_str(), nullptr));
}

void GroupResults::add(const rest::Page& answer) {
  added_before_ = all_.size();
  json::ValueWalker walker = answer.records().front().walker;
  const Json& groups = query_.body.at("groups");
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string label = json::decode_string(key);
    const auto group = groups.find(label);
    if (group == groups.end()) {
      walker.skip_value();
      continue;
    }
    if (!walker.at_object()) throw unknown_form(fmt::format("group {}: {}", label, walker.skip_value()));
    const std::string written(key);
    if (query_.kind == QueryKind::trends) {
      const Json* type = protocol::find_member(*group, "trend_type");
      add_buckets(walker, written, type != nullptr && type->is_string() ? type->get<std::string>() : "");
      continue;
    }
    walker.enter_object();
    std::string_view value_type;
    while (walker.next_member(value_type)) {
      if (!walker.at_object()) throw unknown_form(fmt::format("type {}: {}", value_type, walker.skip_value()));
      add_buckets(walker, written, std::string(value_type));
    }
  }
}

void GroupResults::add_buckets(json::ValueWalker& walker, const std::string& group, const std::string& type) {
  walker.enter_object();
  std::string_view bucket;
  while (walker.next_member(bucket)) {
    const std::string_view value = walker.skip_value();
    const std::string_view number = number_in(value);
    if (number.empty()) throw unknown_form(fmt::format("{} of {}: {}", bucket, group, value));
    add_result({group, type, std::string(bucket), std::string(number)});
  }
}

void GroupResults::add_result(GroupResult result) {
  const auto earlier = all_.begin() + static_cast<std::ptrdiff_t>(added_before_);
  const auto same = std::find_if(all_.begin(), earlier, [&](const GroupResult& other) {
    return other.group == result.group && other.type == result.type && other.label == result.label;
  });
  if (same == earlier) {
    all_.push_back(std::move(result));
    return;
  }
  same->count = sum_of(same->count, result.count);
  ++shared_;
}

}  // namespace engagement::clevertap
