#include "simulator/sprinklr/command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

#include "core/error.hpp"
#include "simulator/common/until_signal.hpp"
#include "simulator/sprinklr/admin.hpp"
#include "simulator/sprinklr/prerender.hpp"
#include "simulator/sprinklr/service.hpp"

namespace engagement::simulator::sprinklr {

namespace {

// What was typed, before it is understood.
struct Typed {
  Options options;
  int port = 0;
  std::string faults_file, prerender_file, forbidden, reports, now;
  std::int64_t first_day = 20260101, last_day = 0;
  std::int64_t latency_ms = 0, cursor_seconds = 300;
  std::int64_t token_seconds = 2'591'999, initial_token_seconds = -1;
  std::uint64_t cache_mb = 512, prerender_days = 0;
  bool no_gzip = false, no_has_more = false, no_key_check = false, prerender = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

Day parse_day_option(const char* option, std::int64_t number) {
  const auto day = day_from_number(number);
  if (!day) throw config_error(fmt::format("{}: {} is no day (YYYYMMDD).", option, number));
  return *day;
}

Options understood(const Typed& typed, const Clock& clock) {
  Options options = typed.options;
  if (!typed.now.empty()) options.now = SystemTime(std::chrono::milliseconds(parse_time(typed.now, true)));
  const SystemTime now = options.now.value_or(clock.now());
  const Day today(std::chrono::floor<std::chrono::days>(now).time_since_epoch());
  options.first_day = parse_day_option("--first-day", typed.first_day);
  options.last_day = typed.last_day != 0 ? parse_day_option("--last-day", typed.last_day) : today;
  if (options.first_day > options.last_day) throw config_error("--first-day is after --last-day.");
  options.token_life = std::chrono::seconds(typed.token_seconds);
  options.initial_token_life =
      typed.initial_token_seconds < 0 ? options.token_life : std::chrono::seconds(typed.initial_token_seconds);
  options.forbidden = split(typed.forbidden);
  options.reports = split(typed.reports);
  options.latency = std::chrono::milliseconds(typed.latency_ms);
  options.cursor_life = std::chrono::seconds(typed.cursor_seconds);
  options.gzip = !typed.no_gzip;
  options.has_more = !typed.no_has_more;
  options.check_key = !typed.no_key_check;
  options.cache_bytes = typed.prerender ? std::numeric_limits<std::uint64_t>::max() : typed.cache_mb << 20U;
  return options;
}

std::string content_of(const std::string& name) {
  std::ifstream file(name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void run(const Typed& typed, Clock& clock) {
  SignalWatch signals;  // before the first thread, so that all inherit the mask
  Service service(understood(typed, clock), clock);
  if (!typed.faults_file.empty()) {
    const auto faults = nlohmann::json::parse(content_of(typed.faults_file), nullptr, false);
    if (faults.is_discarded()) throw config_error(typed.faults_file + " holds no JSON, or cannot be read.");
    service.state().faults.replace(faults);
  }
  if (typed.prerender && !typed.prerender_file.empty()) {
    prerender(service.state(), content_of(typed.prerender_file), typed.prerender_days, signals.stop_token());
  }
  if (signals.stop_token().stop_requested()) return;
  service.start(typed.port);
  fmt::print("listening on http://127.0.0.1:{}\n", service.port());
  std::fflush(stdout);
  signals.wait();
  service.stop();
}

void add_corpus_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--records", options.records, "rows of each report")->capture_default_str();
  command.add_option("--entities", options.entities, "cases; messages and others follow")->capture_default_str();
  command.add_option("--seed", options.seed, "another seed, another corpus")->capture_default_str();
  command.add_option("--first-day", typed.first_day, "YYYYMMDD, UTC")->capture_default_str();
  command.add_option("--last-day", typed.last_day, "YYYYMMDD, UTC (default: today)");
  command.add_option("--now", typed.now, "what is later is not visible yet (default: the clock's)");
  command.add_option("--record-bytes", options.record_bytes, "about the size of a message in a report's row")
      ->capture_default_str();
  command.add_option("--reports", typed.reports, "reports besides the catalogue's: \"PLATFORM/MY_REPORT,…\"");
}

void add_account_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--environment", options.environment, "the paths' first segment; prod: none")
      ->capture_default_str();
  command.add_option("--client-id", options.client_id)->capture_default_str();
  command.add_option("--client-secret", options.client_secret)->capture_default_str();
  command.add_option("--redirect-uri", options.redirect_uri)->capture_default_str();
  command.add_option("--access-token", options.access_token, "the first one")->capture_default_str();
  command.add_option("--refresh-token", options.refresh_token, "the first one")->capture_default_str();
  command.add_option("--token-seconds", typed.token_seconds, "an access token's life")->capture_default_str();
  command.add_option("--initial-token-seconds", typed.initial_token_seconds, "the first one's (default: the same)");
  command.add_flag("--expires-in-text", options.expires_in_text, "expires_in is a text");
  command.add_flag("--no-key-check", typed.no_key_check, "the Key header may be absent or wrong");
  command.add_option("--per-second", options.per_second, "requests in a second; 0: no limit. The vendor's: 10");
  command.add_option("--per-hour", options.per_hour, "requests in an hour; 0: no limit. The vendor's: 1000");
  command.add_option("--forbidden", typed.forbidden, "report ids, entity types or areas that are refused");
  command.add_flag("--forbidden-400", options.forbidden_400, "they are refused with 400, not 403");
}

void add_answer_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--max-page-size", options.max_page_size, "of reports")->capture_default_str();
  command.add_option("--cap", options.cap, "rows that one window gives; 0: no limit")->capture_default_str();
  command.add_flag("--no-has-more", typed.no_has_more, "reports do not say hasMore");
  command.add_flag("--payload-order", options.payload_order, "headings stand in the payload's order");
  command.add_flag("--stable-sorts", options.stable_sorts, "ties of a sort by a metric do not move");
  command.add_option("--max-search-size", options.max_search_size, "of a search's page")->capture_default_str();
  command.add_flag("--cursor-urls", options.cursor_urls, "a search's cursor is a whole URL");
  command.add_option("--cursor-reads", options.cursor_reads, "reads of a cursor; 0: no limit");
  command.add_option("--cursor-seconds", typed.cursor_seconds, "a cursor's life")->capture_default_str();
  command.add_option("--count-key", options.count_key, "what a search's count is called")->capture_default_str();
}

void add_server_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--port", typed.port, "TCP port on 127.0.0.1; 0: any free one")->check(CLI::Range(0, 65535));
  command.add_option("--latency-ms", typed.latency_ms, "think time of every request");
  command.add_flag("--no-gzip", typed.no_gzip, "never compress");
  command.add_option("--faults", typed.faults_file, "a JSON list of faults")->check(CLI::ExistingFile);
  command.add_option("--pool", options.pool, "distinct full pages of a report, served in turn; 0: all are distinct");
  command.add_option("--cache-mb", typed.cache_mb, "memory for rendered pages")->capture_default_str();
  command.add_flag("--prerender", typed.prerender, "keep all rendered pages");
  command.add_option("--prerender-query", typed.prerender_file, "a report query whose pages are rendered first")
      ->check(CLI::ExistingFile)
      ->needs("--prerender");
  command.add_option("--prerender-days", typed.prerender_days, "days in one window of it (default: all)");
}

// A negative number would become a very large one.
void refuse_negative_numbers(CLI::App& command) {
  const CLI::Validator not_negative(
      [](std::string& typed) { return typed.starts_with('-') ? "must not be negative" : std::string(); }, "");
  for (const char* name :
       {"--records", "--entities", "--seed", "--record-bytes", "--max-page-size", "--cap", "--max-search-size",
        "--cursor-reads", "--cursor-seconds", "--token-seconds", "--initial-token-seconds", "--per-second",
        "--per-hour", "--latency-ms", "--pool", "--cache-mb", "--prerender-days"}) {
    command.get_option(name)->check(not_negative);
  }
}

}  // namespace

void add_command(CLI::App& app, Clock& clock, std::function<void()>& action) {
  CLI::App* command = app.add_subcommand("sprinklr", "Sprinklr: OAuth, reports, search and the rest of its API");
  const auto typed = std::make_shared<Typed>();
  add_corpus_options(*command, *typed);
  add_account_options(*command, *typed);
  add_answer_options(*command, *typed);
  add_server_options(*command, *typed);
  refuse_negative_numbers(*command);
  command->callback([typed, &clock, &action] { action = [typed, &clock] { run(*typed, clock); }; });
}

}  // namespace engagement::simulator::sprinklr
