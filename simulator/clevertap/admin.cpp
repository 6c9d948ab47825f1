#include "simulator/clevertap/admin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/error.hpp"
#include "core/suggestion.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kMostRecords = 1'000'000;

Reply reply_with(std::string text, const char* content_type = "application/json", int status = 200) {
  Reply reply;
  reply.status = status;
  reply.content_type = content_type;
  reply.set_text(std::move(text));
  return reply;
}

std::string dump(const ordered_json& value, int indent = -1) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

json parsed_body(const Request& request) {
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw config_error("The request's body is no JSON.");
  return body;
}

std::optional<std::size_t> event_field(const QueryFields& fields, const State& state) {
  const auto name = fields.value("event");
  if (!name) return std::nullopt;
  const Corpus& corpus = state.project.corpus();
  if (const auto event = corpus.find(*name)) return event;
  std::vector<std::string> names;
  for (std::size_t event = 0; event < corpus.events(); ++event) names.emplace_back(corpus.name(event));
  throw config_error(fmt::format("There is no event \"{}\": {}", *name, did_you_mean(*name, names)));
}

std::uint64_t number_field(const QueryFields& fields, const char* name, std::uint64_t fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  if (text->empty() || text->size() > 18 || text->find_first_not_of("0123456789") != std::string::npos) {
    throw config_error(fmt::format("{} is no number: {}", name, *text));
  }
  return std::stoull(*text);
}

struct Range {
  std::optional<std::size_t> event;
  Day from, to;
};

Range range_of(const QueryFields& fields, const State& state) {
  const Corpus& corpus = state.project.corpus();
  return {event_field(fields, state), day_field(fields, "from", std::min(corpus.first_day(), state.project.today())),
          day_field(fields, "to", std::max(corpus.last_day(), state.project.today()))};
}

ordered_json to_json(const Truth& truth) {
  return {{"events", truth.events}, {"distinct_rows", truth.distinct_rows}, {"distinct_people", truth.distinct_people}};
}

Reply truth(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const Range range = range_of(fields, state);
  const Corpus& corpus = state.project.corpus();
  ordered_json answer = to_json(state.project.truth(range.event, range.from, range.to));
  answer["from"] = day_to_number(range.from);
  answer["to"] = day_to_number(range.to);
  answer["today"] = day_to_number(state.project.today());
  answer["pooled"] = state.options.pool != 0;
  ordered_json per_event = ordered_json::object();
  for (std::size_t event = 0; event < corpus.events(); ++event) {
    if (range.event && *range.event != event) continue;
    per_event[std::string(corpus.name(event))] = to_json(state.project.truth(event, range.from, range.to));
  }
  answer["per_event"] = std::move(per_event);
  ordered_json per_day = ordered_json::object();
  for (const DaySpan& span : state.project.spans(range.event, range.from, range.to)) {
    ordered_json& count = per_day[std::to_string(day_to_number(span.day))];
    count = (count.is_null() ? 0 : count.get<std::uint64_t>()) + span.rows;
  }
  answer["per_day"] = std::move(per_day);
  return reply_with(dump(answer, 2));
}

Reply list_of(const std::vector<ordered_json>& entries) { return reply_with(dump(ordered_json(entries))); }

// The people a lookup can find, from the first on: identity and email where they have one, every objectId.
Reply lookups(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const PersonText& text = state.project.people_text();
  const std::uint64_t limit =
      std::min<std::uint64_t>(number_field(fields, "limit", 100), state.project.corpus().people());
  std::vector<ordered_json> people;
  for (Person person = 0; person < limit; ++person) {
    ordered_json entry = {{"identity", text.identity(person)}, {"email", text.email(person)}};
    for (std::size_t device = 0; device < text.devices(person); ++device) {
      entry["object_ids"].push_back(text.object_id(person, device));
    }
    people.push_back(std::move(entry));
  }
  return list_of(people);
}

// The counts of a query, in all and day by day. The body is that of a count.
Reply count_truth(const Request& request, State& state) {
  try {
    Selection selection = parse_selection(parsed_body(request), state.project, state.options);
    ordered_json answer = {{"events", state.selector.count(selection)},
                           {"profiles", state.selector.people(selection).size()},
                           {"per_day", ordered_json::object()}};
    const Day last = selection.to;
    for (Day day = selection.from; day <= last; day += std::chrono::days(1)) {
      selection.from = selection.to = day;
      answer["per_day"][std::to_string(day_to_number(day))] = {{"events", state.selector.count(selection)},
                                                               {"profiles", state.selector.people(selection).size()}};
    }
    return reply_with(dump(answer, 2));
  } catch (const BadQuery& bad) {
    throw config_error(bad.what());
  }
}

Reply put_content_block(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const std::string time = fields.value("at").value_or("");
  if (!ContentBlocks::is_time(time)) throw config_error("content_block wants a time such as 2026-01-31T10:20:30.000Z.");
  const std::uint64_t id = number_field(fields, "id", 0);
  if (!state.content_blocks.update(id, time)) throw config_error(fmt::format("There is no content block {}.", id));
  return reply_with("{}\n");
}

Flags flags_of(const QueryFields& fields) {
  const auto is = [&fields](const char* name) { return fields.value(name).value_or("true") == "true"; };
  return {is("app"), is("events"), is("profile")};
}

// Straight from the corpus, not through an export: what a reader's records are compared with.
Reply records(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const Range range = range_of(fields, state);
  const Flags flags = flags_of(fields);
  const std::uint64_t offset = number_field(fields, "offset", 0);
  const std::uint64_t limit = std::min(number_field(fields, "limit", kMostRecords), kMostRecords);
  std::uint64_t position = 0;
  std::string lines;
  const auto add = [&](const auto& put) {
    if (position >= offset && position - offset < limit) {
      put();
      lines += '\n';
    }
    ++position;
  };
  const auto spans = state.project.spans(range.event, range.from, range.to);
  if (fields.value("kind").value_or("events") == "profiles") {
    for (const Person person : state.project.people(spans)) {
      add([&] { state.project.people_text().put_record(lines, person, flags); });
    }
  } else {
    for (const DaySpan& span : spans) {
      for (std::uint64_t index = 0; index < span.rows; ++index) {
        add([&] {
          const Row row = state.project.corpus().row(span.event, span.day, index);
          state.project.event_text().put_record(lines, row, flags);
        });
      }
    }
  }
  Reply reply = reply_with(std::move(lines), "application/jsonl");
  reply.headers.emplace_back("X-Total", std::to_string(position));
  return reply;
}

// Opens an export and lists its pages as a configuration of curl (`curl -K`).
Reply curl_config(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const Range range = range_of(fields, state);
  const bool profiles = fields.value("kind").value_or("events") == "profiles";
  if (!range.event) throw config_error("curl wants an event.");
  const ordered_json body = {{"event_name", state.project.corpus().name(*range.event)},
                             {"from", day_to_number(range.from)},
                             {"to", day_to_number(range.to)}};
  const auto query =
      parse_export(profiles ? Kind::kProfiles : Kind::kEvents, fields, body.dump(), state.project, state.options);
  if (const auto* failure = std::get_if<Failure>(&query)) throw config_error(failure->error);
  const auto& parsed = std::get<ExportQuery>(query);
  std::string text = fmt::format("header = \"X-CleverTap-Account-Id: {}\"\nheader = \"X-CleverTap-Passcode: {}\"\n",
                                 state.options.account_id, state.options.passcode);
  CursorPlace place{state.exports.create(parsed), 0};
  for (bool terminal = false; !terminal; ++place.page) {
    text += fmt::format("url = \"{}{}?cursor={}\"\n", state.base_url, profiles ? "/1/profiles.json" : "/1/events.json",
                        state.exports.cursor(place.export_number, place.page));
    const auto slot = state.exports.open(place, parsed.batch);
    if (std::holds_alternative<Failure>(slot)) throw config_error("The export's cursors expire before its end.");
    terminal = std::get<PageSlot>(slot).terminal;
  }
  return reply_with(std::move(text), "text/plain");
}

Reply put_today(const Request& request, State& state) {
  const QueryFields fields(request.query);
  if (!fields.find("day")) throw config_error("today wants a day.");
  state.project.set_today(day_field(fields, "day", {}));
  return reply_with("{}\n");
}

Reply put_late(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const auto event = event_field(fields, state);
  if (!event || !fields.find("day")) throw config_error("late wants an event and a day.");
  state.project.arrive(*event, day_field(fields, "day", {}), number_field(fields, "rows", 1));
  return reply_with("{}\n");
}

Reply info(State& state) {
  const Options& options = state.options;
  return reply_with(dump({{"name", "clevertap"},
                          {"account_id", options.account_id},
                          {"timezone", options.time_zone.name()},
                          {"seed", options.seed},
                          {"records", options.records},
                          {"profiles", state.project.corpus().people()},
                          {"first_day", day_to_number(options.first_day)},
                          {"last_day", day_to_number(options.last_day)},
                          {"today", day_to_number(state.project.today())},
                          {"refused", options.refused},
                          {"never_seen", options.never_seen}},
                         2));
}

Reply dispatch(const Request& request, State& state) {
  const std::string call = request.method + ' ' + request.path.substr(kAdminPrefix.size());
  if (call == "GET requests") return reply_with(dump(state.log.list()));
  if (call == "DELETE requests") {
    state.log.reset();
    return reply_with("{}\n");
  }
  if (call == "GET faults") return reply_with(state.faults.list().dump() + "\n");
  if (call == "PUT faults" || call == "DELETE faults") {
    state.faults.replace(request.method == "PUT" ? parsed_body(request) : json::array());
    return reply_with(state.faults.list().dump() + "\n");
  }
  if (call == "GET truth") return truth(request, state);
  if (call == "GET truth/campaigns") return list_of(state.campaigns.truth());
  if (call == "GET truth/messages") return list_of(state.messages.truth());
  if (call == "GET truth/content_blocks") return list_of(state.content_blocks.truth());
  if (call == "GET truth/lookups") return lookups(request, state);
  if (call == "POST truth/counts") return count_truth(request, state);
  if (call == "PUT content_block") return put_content_block(request, state);
  if (call == "GET records") return records(request, state);
  if (call == "GET curl") return curl_config(request, state);
  if (call == "PUT today") return put_today(request, state);
  if (call == "PUT late") return put_late(request, state);
  if (call == "GET info") return info(state);
  return reply_with(dump({{"error", "There is no " + call}}), "application/json", 404);
}

}  // namespace

Reply admin(const Request& request, State& state) {
  try {
    return dispatch(request, state);
  } catch (const ConnectorError& error) {
    return reply_with(dump({{"error", error.what()}}), "application/json", 400);
  }
}

}  // namespace engagement::simulator::clevertap
