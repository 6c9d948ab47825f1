#include "simulator/kustomer/search.hpp"

#include <algorithm>
#include <numeric>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::kustomer {

namespace {

constexpr std::size_t kKnownResults = 8;
constexpr std::uint64_t kScanStep = 4'096;

TimeRange intersection(TimeRange one, TimeRange other) {
  return {std::max(one.from, other.from), std::min(one.until, other.until)};
}

bool contains(const Value& value, const Value& part) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* wanted = std::get_if<std::string>(&part);
  return text != nullptr && wanted != nullptr && text->find(*wanted) != std::string::npos;
}

}  // namespace

Value Search::value(const Criterion& criterion, Kind kind, const Row& row) const {
  if (criterion.field == Field::kText) return text_.record(kind, row);
  if (criterion.field != Field::kCustom) return value_of(organisation_, kind, row, criterion.field);
  const auto record = nlohmann::json::parse(text_.record(kind, row), nullptr, false);
  if (record.is_discarded()) return {};
  const auto custom = record.at("attributes").value("custom", nlohmann::json::object());
  // "ecomm-order_totalNum": a klass's name may stand before the attribute's.
  const std::string name = criterion.custom.substr(criterion.custom.rfind('_') + 1);
  const auto found = custom.find(name);
  if (found == custom.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

bool Search::matches(const Criterion& criterion, Kind kind, const Row& row) const {
  const Value own = value(criterion, kind, row);
  const bool is_set = !std::holds_alternative<std::monostate>(own);
  if (criterion.op == Operator::kNotSet) return !is_set;
  if (!is_set) return false;
  const Value& wanted = criterion.values.front();
  switch (criterion.op) {
    case Operator::kEquals:
      return own == wanted;
    case Operator::kIn:
      return std::find(criterion.values.begin(), criterion.values.end(), own) != criterion.values.end();
    case Operator::kContains:
      return contains(own, wanted);
    case Operator::kGte:
      return own >= wanted;
    case Operator::kGt:
      return own > wanted;
    case Operator::kLte:
      return own <= wanted;
    default:
      return own < wanted;
  }
}

bool Search::matches(const Criteria& criteria, Kind kind, const Row& row) const {
  const auto holds = [&](const auto& entry) {
    if (const auto* criterion = std::get_if<Criterion>(&entry)) return matches(*criterion, kind, row);
    return matches(*std::get<std::shared_ptr<Criteria>>(entry), kind, row);
  };
  return std::all_of(criteria.all.begin(), criteria.all.end(), holds) &&
         (criteria.any.empty() || std::any_of(criteria.any.begin(), criteria.any.end(), holds)) &&
         std::none_of(criteria.none.begin(), criteria.none.end(), holds);
}

std::shared_ptr<const Ordered> Search::scan(const Query& query, const Ordered& candidates) const {
  const Kind kind = query.context.kind;
  struct Found {
    Row row;
    std::vector<Value> keys;
  };
  std::vector<Found> found;
  for (std::uint64_t begin = 0; begin < candidates.size(); begin += kScanStep) {
    for (const Row& row : candidates.rows(begin, std::min(begin + kScanStep, candidates.size()))) {
      if (query.context.klass && organisation_.klass(row.number) != *query.context.klass) continue;
      if (!matches(query.criteria, kind, row)) continue;
      found.push_back({row, {}});
      for (const SortKey& key : query.sort) {
        found.back().keys.push_back(value_of(organisation_, kind, row, key.field));
      }
    }
  }
  const auto is_before = [&query](const Found& one, const Found& other) {
    for (std::size_t at = 0; at < query.sort.size(); ++at) {
      if (one.keys[at] == other.keys[at]) continue;
      return query.sort[at].descending ? other.keys[at] < one.keys[at] : one.keys[at] < other.keys[at];
    }
    return false;
  };
  if (query.sort.empty()) {
    std::reverse(found.begin(), found.end());  // the latest first, as without criteria
  } else {
    std::stable_sort(found.begin(), found.end(), is_before);
  }
  std::vector<Row> rows;
  std::vector<std::uint64_t> groups;
  for (std::size_t at = 0; at < found.size(); ++at) {
    const bool tied = at > 0 && (query.sort.empty() ? found[at].row.updated == found[at - 1].row.updated
                                                    : !is_before(found[at - 1], found[at]));
    groups.push_back(at == 0 ? 0 : groups.back() + (tied ? 0 : 1));
    rows.push_back(found[at].row);
  }
  return std::make_shared<Listed>(std::move(rows), std::move(groups));
}

std::shared_ptr<const Ordered> Search::run(const Query& query, const std::string& body) {
  const bool archive = query.context.archive;
  const SystemTime horizon = organisation_.horizon();
  const TimeRange index = archive ? TimeRange{SystemTime::min(), horizon + organisation_.options().archive_overlap}
                                  : TimeRange{horizon, SystemTime::max()};
  const auto snapshot = organisation_.indexed(query.context.kind);
  const bool plain = query.is_plain();
  const bool descending = plain && (query.sort.empty() || query.sort.front().descending);
  const auto candidates =
      std::make_shared<ByUpdated>(snapshot, intersection(query.updated, index), query.include_deleted, descending);
  if (plain) return candidates;
  {
    const std::lock_guard lock(mutex_);
    for (const Known& known : known_) {
      if (known.body == body && known.archive == archive && known.horizon == horizon && known.snapshot == snapshot) {
        return known.result;
      }
    }
  }
  const auto result = scan(query, *candidates);
  const std::lock_guard lock(mutex_);
  known_.push_front({body, archive, horizon, snapshot, result});
  if (known_.size() > kKnownResults) known_.pop_back();
  return result;
}

std::vector<Row> Search::page(const Ordered& ordered, std::uint64_t begin, std::uint64_t end) {
  if (organisation_.options().stable_ties) return ordered.rows(begin, end);
  return shuffled_ties(ordered, begin, end, mix(organisation_.options().seed, pages_++));
}

}  // namespace engagement::simulator::kustomer
