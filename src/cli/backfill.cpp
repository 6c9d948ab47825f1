#include "cli/backfill.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace engagement::cli {

namespace {

Day backfill_day(const std::string& text, std::string_view field) {
  if (text.empty()) throw config_error(fmt::format("{} is missing: a backfill has a first and a last day.", field));
  if (const auto day = day_from_text(text)) return *day;
  throw config_error(fmt::format("{}: \"{}\" is no day like \"2026-01-31\".", field, text));
}

}  // namespace

std::optional<engine::Backfill> backfill_of(const Options& options, const engine::Json& config) {
  std::string since = options.since.value_or("");
  std::string until = options.until.value_or("");
  std::string where = "--";
  if (!options.since) {
    const auto found = config.find("backfill");
    if (found == config.end()) return std::nullopt;
    since = found->value("since", "");
    until = found->value("until", "");
    if (since.empty() && until.empty()) return std::nullopt;
    where = "Backfill (backfill): ";
  }
  const engine::Backfill backfill{backfill_day(since, where + "since"), backfill_day(until, where + "until")};
  if (backfill.since > backfill.until) {
    throw config_error(fmt::format("{}since: {} lies after {}until, {}.", where, since, where, until));
  }
  return backfill;
}

}  // namespace engagement::cli
