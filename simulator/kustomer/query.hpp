#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "core/time_zone.hpp"
#include "simulator/common/http_text.hpp"
#include "simulator/kustomer/attribute.hpp"
#include "simulator/kustomer/failure.hpp"
#include "simulator/kustomer/ordered.hpp"

namespace engagement::simulator::kustomer {

enum class Operator { kEquals, kIn, kContains, kNotSet, kGte, kGt, kLte, kLt };

struct Criterion {
  Field field = Field::kUpdated;
  std::string custom;  // the name below `custom`, of Field::kCustom
  Operator op = Operator::kEquals;
  std::vector<Value> values;  // one, but for kIn
};

// All of `all`, one of `any` unless there is none, none of `none`.
struct Criteria {
  std::vector<std::variant<Criterion, std::shared_ptr<Criteria>>> all, any, none;
};

struct SortKey {
  Field field = Field::kUpdated;
  bool descending = false;
};

// A search's body, understood.
struct Query {
  Context context;
  TimeRange updated;  // what the criteria demand of updatedAt in any case
  Criteria criteria;  // the others
  std::vector<SortKey> sort;
  bool include_deleted = false;

  bool is_plain() const {
    return criteria.all.empty() && criteria.any.empty() && criteria.none.empty() && !context.klass &&
           (sort.empty() || (sort.size() == 1 && sort.front().field == Field::kUpdated));
  }
};

// Strict: what the reference does not know is a 400. That includes two operators on one attribute in one criterion
// (`{"gte":…,"lt":…}`), which no source vouches for; two criteria are what others use.
std::variant<Query, Failure> parse_query(const std::string& body, bool archive);

// page and pageSize of a list or a search.
struct Paging {
  std::uint64_t page = 1;
  std::uint64_t size = 100;
};
// Too large a page is silently made smaller; what is no number is an error.
std::variant<Paging, Failure> parse_paging(const QueryFields& fields, std::uint64_t largest);

// "2026-01-31T10:20:30.123456Z", with any number of fraction digits; or a bare day, which starts at the zone's
// midnight.
std::optional<SystemTime> parse_time(std::string_view text, const TimeZone& zone);

}  // namespace engagement::simulator::kustomer
