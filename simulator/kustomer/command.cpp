#include "simulator/kustomer/command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <charconv>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <thread>

#include "core/error.hpp"
#include "core/suggestion.hpp"
#include "simulator/common/until_signal.hpp"
#include "simulator/kustomer/service.hpp"

namespace engagement::simulator::kustomer {

namespace {

// What was typed, before it is understood.
struct Typed {
  Options options;
  int port = 0;
  std::string counts, ties, forbidden, now, first, faults_file, prerender_kinds = "conversation";
  std::int64_t latency_ms = 0, index_lag_ms = 0, archive_overlap_days = 0, years = 4;
  std::uint64_t cache_mb = 512;
  bool no_gzip = false, prerender = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

Kind kind_named(const char* option, const std::string& name) {
  if (const auto kind = find_kind(name)) return *kind;
  std::vector<std::string> names;
  for (const KindInfo& entry : kinds()) names.emplace_back(entry.type);
  throw config_error(fmt::format("{}: there is no \"{}\"; {}", option, name, did_you_mean(name, names)));
}

std::uint64_t number_in(const char* option, const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw config_error(fmt::format("{}: \"{}\" is no number.", option, text));
  }
  return number;
}

// "1200@900": rows and, where it is given, how many days ago.
Tie parse_tie(const std::string& text) {
  const auto at = std::min(text.find('@'), text.size());
  Tie tie;
  tie.rows = number_in("--tie", text.substr(0, at));
  if (at < text.size()) tie.days_ago = number_in("--tie", text.substr(at + 1));
  return tie;
}

// "600" is for every search context, "conversation=1200@900,note=501" for those.
std::map<Kind, Tie> parse_ties(const std::string& text) {
  std::map<Kind, Tie> ties;
  for (const std::string& part : split(text)) {
    const auto equals = part.find('=');
    if (equals != std::string::npos) {
      ties[kind_named("--tie", part.substr(0, equals))] = parse_tie(part.substr(equals + 1));
      continue;
    }
    for (const KindInfo& entry : kinds()) {
      if (entry.is_searchable) ties.emplace(entry.kind, parse_tie(part));
    }
  }
  return ties;
}

std::map<Kind, std::uint64_t> parse_counts(const std::string& text) {
  std::map<Kind, std::uint64_t> counts;
  for (const std::string& part : split(text)) {
    const auto equals = part.find('=');
    if (equals == std::string::npos) throw config_error(fmt::format("--counts: \"{}\" wants a number.", part));
    counts[kind_named("--counts", part.substr(0, equals))] = number_in("--counts", part.substr(equals + 1));
  }
  return counts;
}

SystemTime parse_time_option(const char* option, const std::string& text) {
  const auto time = parse_time(text, TimeZone::find("UTC").value());
  if (!time) throw config_error(fmt::format("{}: \"{}\" is no time (2026-01-31T10:20:30Z).", option, text));
  return *time;
}

Options understood(const Typed& typed, const Clock& clock) {
  Options options = typed.options;
  if (!typed.now.empty()) options.fixed_now = parse_time_option("--now", typed.now);
  options.last = options.fixed_now.value_or(clock.now());
  options.first = typed.first.empty() ? options.last - std::chrono::days(365 * typed.years)
                                      : parse_time_option("--first", typed.first);
  if (options.first >= options.last) throw config_error("--first is not before --now.");
  options.counts = parse_counts(typed.counts);
  options.ties = parse_ties(typed.ties);
  options.forbidden = split(typed.forbidden);
  for (const std::string& name : options.forbidden) {
    if (!find_kind(name) && !find_context(name, false)) kind_named("--forbidden", name);
  }
  options.latency = std::chrono::milliseconds(typed.latency_ms);
  options.index_lag = std::chrono::milliseconds(typed.index_lag_ms);
  options.archive_overlap = std::chrono::days(typed.archive_overlap_days);
  options.gzip = !typed.no_gzip;
  options.cache_bytes = typed.prerender ? std::numeric_limits<std::uint64_t>::max() : typed.cache_mb << 20U;
  if (typed.prerender) {
    for (const std::string& name : split(typed.prerender_kinds)) {
      options.prerender.push_back(kind_named("--prerender-kinds", name));
    }
  }
  return options;
}

// Every group of rows that a page can hold, as a whole and without those that are deleted.
void prerender(State& state, const std::stop_token& stop) {
  constexpr std::uint64_t kStep = 3'200;
  for (const Kind kind : state.options.prerender) {
    const auto present = state.organisation.table(kind).present();
    for (const bool deleted : {true, false}) {
      const ByUpdated rows(present, {}, deleted, false);
      std::atomic<std::uint64_t> next{0};
      std::vector<std::jthread> workers;
      for (unsigned worker = 0; worker < std::max(1U, std::thread::hardware_concurrency()); ++worker) {
        workers.emplace_back([&] {
          for (std::uint64_t at = next.fetch_add(kStep); at < rows.size() && !stop.stop_requested();
               at = next.fetch_add(kStep)) {
            state.pages.blobs(kind, rows.rows(at, std::min(at + kStep, rows.size())), state.options.gzip);
          }
        });
      }
    }
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
  command.add_option("--records", options.records, "conversations; other objects in proportion")->capture_default_str();
  command.add_option("--counts", typed.counts, "others: \"customer=5000,message=0,user=600\"");
  command.add_option("--tie", typed.ties, "rows that share one updatedAt: 600, or \"conversation=1200@900,note=501\"");
  command.add_option("--seed", options.seed, "another seed, another corpus")->capture_default_str();
  command.add_option("--now", typed.now, "the present, 2026-01-31T10:20:30Z (default: the clock's)");
  command.add_option("--first", typed.first, "the oldest updatedAt (default: --years before the present)");
  command.add_option("--years", typed.years, "how far back the corpus goes")->capture_default_str();
  command.add_option("--record-bytes", options.record_bytes, "about the size of a conversation")->capture_default_str();
  command.add_option("--live-every", options.live_every, "rows change with each so many searches; 0: never");
  command.add_option("--live-moves", options.live_moves, "… so many are updated")->capture_default_str();
  command.add_option("--live-inserts", options.live_inserts, "… so many are new")->capture_default_str();
}

void add_server_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--port", typed.port, "TCP port on 127.0.0.1; 0: any free one")->check(CLI::Range(0, 65535));
  command.add_option("--api-token", options.api_token)->capture_default_str();
  command.add_flag("--expired", options.expired, "the token has expired");
  command.add_option("--forbidden", typed.forbidden, "search contexts and lists whose role is missing: \"note,teams\"");
  command.add_option("--row-limit", options.row_limit, "rows of one query that can be paged through")
      ->capture_default_str();
  command.add_option("--total-cap", options.total_cap, "a search's meta.total goes no further; 0: it does")
      ->capture_default_str();
  command.add_flag("--stable-ties", options.stable_ties, "rows with one updatedAt keep their order");
  command.add_option("--index-lag-ms", typed.index_lag_ms, "searches show a change so much later");
  command.add_option("--archive-overlap-days", typed.archive_overlap_days, "the archive has rows of so many days too");
  command.add_option("--searches-per-minute", options.searches_per_minute, "0: no limit")->capture_default_str();
  command.add_option("--requests-per-minute", options.requests_per_minute, "0: no limit")->capture_default_str();
  command.add_flag("--omit-last-links", options.omit_last_links, "a list's last page has no links");
  command.add_option("--latency-ms", typed.latency_ms, "think time of every request");
  command.add_flag("--no-gzip", typed.no_gzip, "never compress");
  command.add_option("--faults", typed.faults_file, "a JSON list of faults")->check(CLI::ExistingFile);
  command.add_option("--cache-mb", typed.cache_mb, "memory for rendered rows")->capture_default_str();
  command.add_flag("--prerender", typed.prerender, "render rows before listening, and keep them all");
  command.add_option("--prerender-kinds", typed.prerender_kinds, "of these")->capture_default_str();
}

// A negative number would become a very large one.
void refuse_negative_numbers(CLI::App& command) {
  const CLI::Validator not_negative(
      [](std::string& typed) { return typed.starts_with('-') ? "must not be negative" : std::string(); }, "");
  for (const char* name : {"--records", "--seed", "--years", "--record-bytes", "--live-every", "--live-moves",
                           "--live-inserts", "--row-limit", "--total-cap", "--index-lag-ms", "--archive-overlap-days",
                           "--searches-per-minute", "--requests-per-minute", "--latency-ms", "--cache-mb"}) {
    command.get_option(name)->check(not_negative);
  }
}

}  // namespace

void add_command(CLI::App& app, Clock& clock, std::function<void()>& action) {
  CLI::App* command = app.add_subcommand("kustomer", "Kustomer: searches and lists");
  const auto typed = std::make_shared<Typed>();
  add_corpus_options(*command, *typed);
  add_server_options(*command, *typed);
  refuse_negative_numbers(*command);
  command->callback([typed, &clock, &action] { action = [typed, &clock] { run(*typed, clock); }; });
}

}  // namespace engagement::simulator::kustomer
