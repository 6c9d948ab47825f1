#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "simulator/clevertap/cql/condition.hpp"
#include "simulator/clevertap/project.hpp"
#include "simulator/common/http_text.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator::clevertap {

// `{"status":"fail","error":…,"code":…}` under some HTTP status (reference section 7).
struct Failure {
  int status = 200;
  std::string error;
  int code = 0;
};

constexpr int kBadDate = 4002;  // a Failure's code

Failure invalid_credentials();  // 401
Failure incorrect_usage();      // 200, code 3: a cursor that was encoded again, among others
Failure invalid_cursor();       // 200: one that has expired
Failure not_ready();            // 200, code 2
Failure throttled();            // 200, code 1
Failure invalid_event(std::string_view name);
Failure export_refused();
Failure too_many_requests();
Failure not_found(std::string_view path);
Failure no_right(std::string_view path, int status);  // of the passcode, to one endpoint

Reply to_reply(const Failure& failure);

enum class Kind { kEvents, kProfiles };

// What one export was asked for.
struct ExportQuery {
  Kind kind = Kind::kEvents;
  std::optional<std::size_t> event;  // nullopt: people of all events
  std::string event_name;
  Day from{}, to{};
  Flags flags;
  std::uint64_t batch = 0;                     // records a page
  std::shared_ptr<const Condition> condition;  // its filters; may be null
};

// Judges the POST that opens an export as CleverTap does (reference sections 2a, 3, 6).
std::variant<ExportQuery, Failure> parse_export(Kind kind, const QueryFields& fields, std::string_view body,
                                                const Project& project, const Options& options);

// `from`, `to` of the simulator's own endpoints; the whole corpus where they are absent. Throws ConnectorError.
Day day_field(const QueryFields& fields, const char* name, Day fallback);

// The event a request body names, for those who match faults and log; empty where there is none.
std::string event_named_in(std::string_view body);

}  // namespace engagement::simulator::clevertap
