#include "simulator/clevertap/command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <thread>

#include "core/error.hpp"
#include "core/suggestion.hpp"
#include "simulator/clevertap/service.hpp"
#include "simulator/common/until_signal.hpp"

namespace engagement::simulator::clevertap {

namespace {

// What was typed, before it is understood.
struct Typed {
  Options options;
  int port = 0;
  std::string events, refused, never_seen, zone = "UTC", faults_file, forbidden;
  std::int64_t first_day = 20260101, last_day = 0, today = 0;
  std::int64_t latency_ms = 0, cursor_seconds = 0, count_seconds = 0, report_ms_per_day = 900;
  std::uint64_t cache_mb = 512;
  bool no_gzip = false, prerender = false;
  bool refused_given = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// "App Launched,Charged=10": without a weight the n-th event has 1/n.
std::vector<EventSpec> parse_events(const std::string& text) {
  std::vector<EventSpec> events;
  for (const std::string& part : split(text)) {
    const auto equals = part.rfind('=');
    const double fallback = 1.0 / static_cast<double>(events.size() + 1);
    if (equals == std::string::npos) {
      events.push_back({part, fallback});
      continue;
    }
    const double weight = std::strtod(part.c_str() + equals + 1, nullptr);
    if (weight <= 0) throw config_error(fmt::format("--events: \"{}\" wants a weight above 0.", part));
    events.push_back({part.substr(0, equals), weight});
  }
  if (events.empty()) throw config_error("--events names no event.");
  return events;
}

// "/1/now.json,/getSchema=404": without a status 403.
std::map<std::string, int> parse_forbidden(const std::string& text) {
  std::map<std::string, int> forbidden;
  for (const std::string& part : split(text)) {
    const auto equals = std::min(part.rfind('='), part.size());
    const std::string status = equals == part.size() ? "403" : part.substr(equals + 1);
    if (status != "401" && status != "403" && status != "404") {
      throw config_error(fmt::format("--forbidden: \"{}\" wants 401, 403 or 404.", part));
    }
    forbidden[part.substr(0, equals)] = std::stoi(status);
  }
  return forbidden;
}

Day parse_day_option(const char* option, std::int64_t number) {
  const auto day = day_from_number(number);
  if (!day) throw config_error(fmt::format("{}: {} is no day (YYYYMMDD).", option, number));
  return *day;
}

Options understood(const Typed& typed, const Clock& clock) {
  Options options = typed.options;
  const auto zone = TimeZone::find(typed.zone);
  if (!zone) {
    throw config_error(fmt::format("--timezone: there is no zone \"{}\"; {}", typed.zone,
                                   did_you_mean(typed.zone, TimeZone::names())));
  }
  options.time_zone = *zone;
  options.today = typed.today != 0 ? parse_day_option("--today", typed.today) : zone->day_at(clock.now());
  options.first_day = parse_day_option("--first-day", typed.first_day);
  options.last_day = typed.last_day != 0 ? parse_day_option("--last-day", typed.last_day) : options.today;
  if (options.first_day > options.last_day) throw config_error("--first-day is after --last-day.");
  if (!typed.events.empty()) options.events = parse_events(typed.events);
  if (typed.refused_given) options.refused = split(typed.refused);
  options.never_seen = split(typed.never_seen);
  options.latency = std::chrono::milliseconds(typed.latency_ms);
  options.cursor_life = std::chrono::seconds(typed.cursor_seconds);
  options.count_life = std::chrono::seconds(typed.count_seconds);
  options.report_time_per_day = std::chrono::milliseconds(typed.report_ms_per_day);
  options.forbidden = parse_forbidden(typed.forbidden);
  options.gzip = !typed.no_gzip;
  options.cache_bytes = typed.prerender ? std::numeric_limits<std::uint64_t>::max() : typed.cache_mb << 20U;
  if (typed.prerender && options.prerender.empty()) {
    options.prerender = {"events?batch_size=4991&app=true&events=false&profile=true",
                         "profiles?batch_size=4991&app=true&events=true&profile=true"};
  }
  return options;
}

// One export for each event and each span of days.
std::vector<ExportQuery> prerendered_exports(const State& state, const std::string& text) {
  const auto question = std::min(text.find('?'), text.size());
  const QueryFields fields(std::string_view(text).substr(std::min(question + 1, text.size())));
  const Kind kind = text.substr(0, question) == "profiles" ? Kind::kProfiles : Kind::kEvents;
  const Corpus& corpus = state.project.corpus();
  const Day last = std::min(corpus.last_day(), state.project.today());
  const std::chrono::days step(state.options.prerender_days != 0 ? state.options.prerender_days : 1'000'000);
  std::vector<ExportQuery> queries;
  for (std::size_t event = 0; event < corpus.events(); ++event) {
    for (Day day = corpus.first_day(); day <= last; day += step) {
      const int to = day_to_number(std::min(last, day + step - std::chrono::days(1)));
      const nlohmann::json body = {{"event_name", corpus.name(event)}, {"from", day_to_number(day)}, {"to", to}};
      const auto query = parse_export(kind, fields, body.dump(), state.project, state.options);
      if (const auto* failure = std::get_if<Failure>(&query)) throw config_error(text + ": " + failure->error);
      queries.push_back(std::get<ExportQuery>(query));
    }
  }
  return queries;
}

void prerender(State& state, const std::stop_token& stop) {
  std::vector<ExportQuery> queries;
  for (const std::string& text : state.options.prerender) {
    for (ExportQuery& query : prerendered_exports(state, text)) queries.push_back(std::move(query));
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (unsigned worker = 0; worker < std::max(1U, std::thread::hardware_concurrency()); ++worker) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < queries.size() && !stop.stop_requested(); at = next++) {
        state.exports.prerender(queries[at], stop);
      }
    });
  }
}

void run(const Typed& typed, Clock& clock) {
  SignalWatch signals;  // before the first thread, so that all inherit the mask
  Service service(understood(typed, clock), clock);
  if (!typed.faults_file.empty()) {
    std::ifstream file(typed.faults_file);
    const auto faults = nlohmann::json::parse(file, nullptr, false);
    if (faults.is_discarded()) throw config_error(typed.faults_file + " holds no JSON, or cannot be read.");
    service.state().faults.replace(faults);
  }
  prerender(service.state(), signals.stop_token());
  if (signals.stop_token().stop_requested()) return;
  service.start(typed.port);
  fmt::print("listening on {}\n", service.state().base_url);
  std::fflush(stdout);
  signals.wait();
  service.stop();
}

void add_corpus_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--records", options.records, "events in all")->capture_default_str();
  command.add_option("--profiles", options.profiles, "distinct people (default: a fifth of the records)");
  command.add_option("--seed", options.seed, "another seed, another corpus")->capture_default_str();
  command.add_option("--events", typed.events, "event names with optional weights: \"App Launched=40,Charged=10\"");
  command.add_option("--refused", typed.refused, "events whose export is refused (default: Notification Sent)")
      ->each([&typed](const std::string&) { typed.refused_given = true; });
  command.add_option("--never-seen", typed.never_seen, "events that the schema lists and the export does not know");
  command.add_option("--first-day", typed.first_day, "YYYYMMDD")->capture_default_str();
  command.add_option("--last-day", typed.last_day, "YYYYMMDD (default: today)");
  command.add_option("--today", typed.today, "YYYYMMDD: later days are not visible yet (default: the clock's)");
  command.add_option("--timezone", typed.zone, "the project's zone, by its IANA name")->capture_default_str();
  command.add_option("--record-bytes", options.record_bytes, "about the size of an event")->capture_default_str();
  command.add_option("--duplicates", options.duplicates, "about the share of rows that repeat another exactly")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.15));
}

void add_server_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--port", typed.port, "TCP port on 127.0.0.1; 0: any free one")->check(CLI::Range(0, 65535));
  command.add_option("--account-id", options.account_id)->capture_default_str();
  command.add_option("--passcode", options.passcode)->capture_default_str();
  command.add_option("--concurrency", options.concurrency, "requests at a time for each API")->capture_default_str();
  command.add_option("--latency-ms", typed.latency_ms, "think time of every request");
  command.add_option("--cursor-reads", options.cursor_reads, "an export's cursors expire after so many page reads");
  command.add_option("--cursor-seconds", typed.cursor_seconds, "an export's cursors expire after so many seconds");
  command.add_flag("--reject-future-to", options.reject_future_to, "an export up to a day after today is an error");
  command.add_flag("--cursor-first", options.cursor_first, "next_cursor stands before the records");
  command.add_flag("--no-gzip", typed.no_gzip, "never compress");
  command.add_option("--faults", typed.faults_file, "a JSON list of faults")->check(CLI::ExistingFile);
  command.add_option("--pool", options.pool, "distinct full pages of an export, served in turn; 0: all are distinct");
  command.add_option("--cache-mb", typed.cache_mb, "memory for rendered pages")->capture_default_str();
  command.add_flag("--prerender", typed.prerender, "render pages before listening, and keep them all");
  command
      .add_option("--prerender-query", options.prerender, "what to render, such as \"events?batch_size=4991&app=true\"")
      ->needs("--prerender");
  command.add_option("--prerender-days", options.prerender_days, "days in one export of it (default: all)");
}

void add_report_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command
      .add_option("--count-partials", options.count_partials,
                  "how many answers to a count say partial, that of the POST included")
      ->capture_default_str();
  command.add_option("--count-seconds", typed.count_seconds, "a count's req_id expires after so many seconds");
  command.add_option("--campaigns", options.campaigns, "campaigns created through the API")->capture_default_str();
  command.add_option("--target-days", options.target_days, "the longest range of their list; 0: any")
      ->capture_default_str();
  command
      .add_option("--not-ready", options.not_ready, "how an unfinished campaign's result is refused (default: each)")
      ->check(CLI::IsMember({"409", "500", "200", "fail"}));
  command.add_option("--messages", options.messages, "campaigns of the dashboard")->capture_default_str();
  command.add_option("--report-ms-per-day", typed.report_ms_per_day, "time of a message report over more than 14 days")
      ->capture_default_str();
  command.add_option("--content-blocks", options.content_blocks)->capture_default_str();
  command.add_option("--missing-profile", options.missing_profile, "how a lookup that finds nobody is answered")
      ->capture_default_str()
      ->check(CLI::IsMember({"404", "empty"}));
  command.add_option("--forbidden", typed.forbidden,
                     "paths the passcode has no right to: \"/1/now.json,/getSchema=404\"");
}

// A negative number would become a very large one.
void refuse_negative_numbers(CLI::App& command) {
  const CLI::Validator not_negative(
      [](std::string& typed) { return typed.starts_with('-') ? "must not be negative" : std::string(); }, "");
  for (const char* name :
       {"--records", "--profiles", "--seed", "--record-bytes", "--concurrency", "--latency-ms", "--cursor-reads",
        "--cursor-seconds", "--pool", "--cache-mb", "--prerender-days", "--count-partials", "--count-seconds",
        "--campaigns", "--target-days", "--messages", "--report-ms-per-day", "--content-blocks"}) {
    command.get_option(name)->check(not_negative);
  }
}

}  // namespace

void add_command(CLI::App& app, Clock& clock, std::function<void()>& action) {
  CLI::App* command = app.add_subcommand("clevertap", "CleverTap: exports, counts, reports and the catalogue");
  const auto typed = std::make_shared<Typed>();
  add_corpus_options(*command, *typed);
  add_server_options(*command, *typed);
  add_report_options(*command, *typed);
  refuse_negative_numbers(*command);
  command->callback([typed, &clock, &action] { action = [typed, &clock] { run(*typed, clock); }; });
}

}  // namespace engagement::simulator::clevertap
