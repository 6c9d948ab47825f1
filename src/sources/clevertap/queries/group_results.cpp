#include "sources/clevertap/queries/group_results.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "core/error.hpp"
#include "json/string_text.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/queries/answer_number.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

std::optional<std::int64_t> whole_number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

ConnectorError unknown_form(std::string_view where, std::string_view value) {
  return system_error(
      fmt::format("CleverTap answered a query in a form that the connector does not know: {} is {}. Please report this "
                  "with the log of this sync.",
                  where, shortened(value)));
}

// What a result is of: labels that differ in their spelling alone are the same.
std::string key_of(const GroupResult& result) {
  return json::decode_string(result.group) + '\0' + json::decode_string(result.type) + '\0' +
         json::decode_string(result.label);
}

}  // namespace

std::string sum_of(std::string_view left, std::string_view right) {
  const auto one = whole_number_in(left);
  const auto other = whole_number_in(right);
  std::int64_t whole = 0;
  if (one && other && !__builtin_add_overflow(*one, *other, &whole)) return std::to_string(whole);
  const double sum = std::strtod(std::string(left).c_str(), nullptr) + std::strtod(std::string(right).c_str(), nullptr);
  if (std::isfinite(sum)) return fmt::format("{}", sum);
  throw unknown_form("a sum", fmt::format("{} and {}", left, right));
}

void GroupResults::add(const rest::Page& answer) {
  added_before_ = all_.size();
  std::set<std::string> seen;
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
    if (!walker.at_object()) throw unknown_form(fmt::format("group \"{}\"", label), walker.skip_value());
    seen.insert(label);
    const std::string written(key);
    if (query_.kind == QueryKind::trends) {
      const Json* type = protocol::find_member(*group, "trend_type");
      add_buckets(walker, written, type != nullptr && type->is_string() ? type->get<std::string>() : "");
      continue;
    }
    walker.enter_object();
    std::string_view value_type;
    while (walker.next_member(value_type)) {
      if (!walker.at_object()) throw unknown_form(fmt::format("\"{}\"", value_type), walker.skip_value());
      add_buckets(walker, written, std::string(value_type));
    }
  }
  for (const auto& [label, group] : groups.items()) {
    if (!seen.contains(label)) absent_.insert(label);
  }
}

void GroupResults::add_buckets(json::ValueWalker& walker, const std::string& group, const std::string& type) {
  walker.enter_object();
  std::string_view bucket;
  while (walker.next_member(bucket)) {
    const std::string_view value = walker.skip_value();
    auto number = number_in(value);
    if (!number) throw unknown_form(fmt::format("\"{}\" of \"{}\"", bucket, group), value);
    add_result({group, type, std::string(bucket), std::move(*number)});
  }
}

void GroupResults::add_result(GroupResult result) {
  const auto [same, is_new] = places_.try_emplace(key_of(result), all_.size());
  if (is_new) {
    all_.push_back(std::move(result));
    return;
  }
  auto& earlier = all_[same->second];
  earlier.count = sum_of(earlier.count, result.count);
  if (same->second < added_before_) ++shared_;
}

}  // namespace engagement::clevertap
