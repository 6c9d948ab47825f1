#include "conformance/subjects.hpp"

namespace engagement::test {

namespace {

const char* const kToken = "Key+word/47==&wort.eyJ0b2tlbiI6IjQ3In0";
const char* const kLast = "2026-06-01T00:00:00Z";  // the simulator's present; what changes has a later time

// Our name of a stream and the simulator's; everything else is the singular.
std::string kind_of(const std::string& stream) {
  const std::map<std::string, std::string> names = {{"companies", "company"},
                                                    {"klasses", "klass"},
                                                    {"business_schedules", "schedule"},
                                                    {"satisfaction_surveys", "satisfaction"},
                                                    {"kb_categories", "kb_category"}};
  const auto found = names.find(stream);
  return found != names.end() ? found->second : stream.substr(0, stream.size() - 1);
}

std::size_t truth_of(const SimulatorProcess& simulator, const std::string& stream) {
  return simulator.truth("stream=" + kind_of(stream) + "&until=" + kLast).at("count");
}

Json future_state() { return {{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2999-12-31T00:00:00Z"}}; }

}  // namespace

// The streams of single klasses are one class with `kobjects`, and so are those that are off by default with others.
Subject kustomer_subject() {
  Subject subject;
  subject.source = "kustomer";
  subject.simulator = {"kustomer",
                       "--records",
                       "300",
                       "--first",
                       "2025-11-01T00:00:00Z",
                       "--now",
                       kLast,
                       "--api-token",
                       kToken,
                       "--searches-per-minute",
                       "0",
                       "--requests-per-minute",
                       "0",
                       "--tie",
                       "conversation=90,kobject=60,message=120"};
  subject.config = {{"api_token", kToken},
                    {"start_date", "2025-05-01T00:00:00Z"},
                    {"page_size_limit", 40},
                    {"searches_per_minute", 0},
                    {"retry_seconds", 30}};
  subject.secrets = {kToken};
  subject.rate_limited = {{"fault", "rate429"}, {"headers", false}, {"retry_after", 1}, {"times", 1}};
  subject.growing_config = Json::object();
  subject.growing = {{"fault", "growing"}, {"rows", 40}, {"cap", 400}, {"times", 0}};
  subject.reread_from = "2026-05-01T00:00:00Z";
  subject.streams = {"conversations",
                     "customers",
                     "kobjects",
                     "messages",
                     "notes",
                     "shortcuts",
                     "tags",
                     "teams",
                     "users",
                     "companies",
                     "klasses",
                     "brands",
                     "queues",
                     "satisfaction_surveys",
                     "business_schedules",
                     "snoozes",
                     "notifications",
                     "cards",
                     "web_hooks",
                     "email_hooks",
                     "outbound_accounts",
                     "spam_senders",
                     "work_sessions",
                     "audit_logs",
                     "kb_articles",
                     "kb_categories"};
  for (const auto& stream : subject.streams) subject.future.emplace(stream, future_state());
  subject.truth = truth_of;
  return subject;
}

}  // namespace engagement::test
