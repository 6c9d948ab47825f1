#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "simulator/kustomer/call.hpp"
#include "simulator/kustomer/metadata.hpp"
#include "simulator/kustomer/record_faults.hpp"
#include "simulator/kustomer/sla_versions.hpp"
#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::ordered_json;

std::vector<std::string> parts_of(std::string_view path, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = std::min(path.find(separator), path.size());
    parts.emplace_back(path.substr(0, end));
    if (end == path.size()) return parts;
    path.remove_prefix(end + 1);
  }
}

Reply data_reply(const Call& call, const ordered_json& data, const ordered_json& included = nullptr) {
  ordered_json body = {{"data", data}};
  if (!included.is_null()) body["included"] = included;
  return json_reply(body.dump(), call.gzip);
}

std::string role_name(const KindInfo& kind) { return fmt::format("org.permission.{}.read", kind.role); }

Reply token(const Call& call, const State& state) {
  std::set<std::string> roles = {"org.permission.search.create", "org.permission.metadata.read"};
  for (const KindInfo& entry : kinds()) roles.insert(role_name(entry));
  // Several kinds may want one role.
  for (const KindInfo& entry : kinds()) {
    if (is_forbidden(state.options, entry.kind, entry.type)) roles.erase(role_name(entry));
  }
  const std::string when = time_text(state.options.last);
  return data_reply(
      call,
      {{"type", "token"},
       {"id", "5f0000000000000000000001"},
       {"attributes",
        {{"lastTokenChars", state.options.api_token.substr(state.options.api_token.size() -
                                                           std::min<std::size_t>(4, state.options.api_token.size()))},
         {"name", "simulated key"},
         {"ipAddress", nullptr},
         {"userAgent", nullptr},
         {"roles", roles},
         {"createdAt", when},
         {"updatedAt", when},
         {"lastAccessedAt", when}}}});
}

ordered_json record_of(const State& state, Kind kind, const Row& row) {
  return ordered_json::parse(state.text.record(kind, row));
}

// One id or several with commas between.
std::optional<Reply> by_ids(const Call& call, const State& state, Kind kind, const std::string& ids) {
  ordered_json found = ordered_json::array();
  const std::vector<std::string> wanted = parts_of(ids, ',');
  std::vector<Row> rows;
  for (const std::string& id : wanted) {
    const auto row = state.organisation.find(kind, id);
    if (!row) continue;
    rows.push_back(*row);
    found.push_back(record_of(state, kind, *row));
  }
  if (wanted.size() > 1) return data_reply(call, found);
  if (found.empty()) return std::nullopt;
  if (kind == Kind::kSla && call.fields.find("versions")) {
    return data_reply(call, found[0], sla_versions(state.organisation, rows));
  }
  if (kind != Kind::kSchedule || call.fields.value("include") != "holidays") return data_reply(call, found[0]);
  ordered_json holidays = ordered_json::array();
  for (int holiday = 0; holiday < 3; ++holiday) {
    holidays.push_back({{"type", "holiday"},
                        {"id", fmt::format("{:x}{:016x}", 0x50000000 + holiday, rows[0].number)},
                        {"attributes", {{"name", fmt::format("Holiday {}", holiday)}, {"date", "2026-12-25"}}}});
  }
  return data_reply(call, found[0], holidays);
}

// A page of resources that are made for the occasion.
Reply made_list(const Call& call, State& state, const std::vector<ordered_json>& all, std::uint64_t largest = 100) {
  const auto parsed = parse_paging(call.fields, largest);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return to_reply(*failure);
  const auto& paging = std::get<Paging>(parsed);
  const std::size_t begin = std::min((paging.page - 1) * paging.size, all.size());
  const std::size_t end = std::min(begin + paging.size, all.size());
  Page page;
  page.path = call.request.path;
  page.paging = paging;
  page.total = all.size();
  page.shows_total = false;
  if (end < all.size()) page.next = paging.page + 1;
  if (call.fault) alter_page(*call.fault, page);
  std::vector<std::string> records;
  for (std::size_t at = begin; at < end; ++at) records.push_back(all[at].dump());
  state.log.note(call.number, {{"records", records.size()}, {"terminal", !page.next}});
  LaidOut text = lay_out(page, std::move(records));
  return json_reply(spoiled_text(call.fault.value_or(Fault{"", nlohmann::json::object()}), std::move(text)), call.gzip);
}

// The rows of a kind that belong to a conversation.
std::vector<ordered_json> children(const State& state, Kind kind, const Row& conversation) {
  std::vector<ordered_json> found;
  const std::uint64_t conversations = state.organisation.table(Kind::kConversation).timeline().rows();
  const auto present = state.organisation.table(kind).present();
  for (std::uint64_t number = conversation.number; number < present->rows; number += conversations) {
    const Row row = present->row(number);
    if (!row.deleted) found.push_back(record_of(state, kind, row));
  }
  return found;
}

std::vector<ordered_json> times(const State& state, const Row& conversation, bool in_milliseconds) {
  std::vector<ordered_json> found = children(state, Kind::kConversationTime, conversation);
  for (ordered_json& time : found) {
    for (const char* name : {"handleTime", "messageTime", "noteTime"}) {
      if (in_milliseconds) time["attributes"][name] = time["attributes"][name].get<std::uint64_t>() * 1'000;
    }
  }
  return found;
}

std::vector<ordered_json> events(const State& state, const Row& conversation) {
  std::vector<ordered_json> found;
  const std::uint64_t key = state.organisation.key(Kind::kConversation, conversation.number);
  for (std::uint64_t event = 0; event < 1 + key % 4 + conversation.revision; ++event) {
    const ordered_json change = {{"op", "replace"}, {"before", "open"}, {"after", "done"}};
    found.push_back({{"type", "event"},
                     {"id", fmt::format("{:08x}{:016x}", event, key)},
                     {"attributes",
                      {{"name", "kustomer.conversation.update"},
                       {"changes", {{"attributes", {{"status", change}}}}},
                       {"createdAt", time_text(std::min(conversation.created + std::chrono::seconds(event),
                                                        conversation.updated))}}}});
  }
  return found;
}

std::vector<ordered_json> merges(const State& state, const Row& customer) {
  if (customer.number % 10 != 0) return {};
  const std::string id = state.organisation.id(Kind::kCustomer, customer);
  const std::uint64_t key = state.organisation.key(Kind::kCustomer, customer.number);
  const auto of = [](const std::string& target) {
    return ordered_json{{"data", {{"type", "customer"}, {"id", target}}}};
  };
  return {{{"type", "customer_merge"},
           {"id", fmt::format("{:08x}{:016x}", 7, key)},
           {"attributes", {{"status", "completed"}, {"createdAt", time_text(customer.created)}}},
           {"relationships", {{"source", of(fmt::format("{:08x}{:016x}", 9, key))}, {"target", of(id)}}}}};
}

std::vector<ordered_json> attachments(const State& state, const Row& conversation) {
  std::vector<ordered_json> found;
  const std::uint64_t key = state.organisation.key(Kind::kConversation, conversation.number);
  for (std::uint64_t at = 0; at < key % 3; ++at) {
    const std::string id = fmt::format("{:08x}{:016x}", 100 + at, key);
    found.push_back({{"type", "attachment"},
                     {"id", id},
                     {"attributes", {{"name", "photo.png"}, {"contentType", "image/png"}, {"contentLength", 1'024}}},
                     {"links", {{"related", "https://s3.example.test/" + id + "?X-Amz-Expires=60"}}}});
  }
  return found;
}

std::optional<Reply> of_conversation(const Call& call, State& state, const std::string& id, const std::string& what) {
  const auto conversation = state.organisation.find(Kind::kConversation, id);
  if (!conversation) return std::nullopt;
  if (what == "events") return made_list(call, state, events(state, *conversation));
  if (what == "attachments") return made_list(call, state, attachments(state, *conversation));
  if (what == "times") return made_list(call, state, times(state, *conversation, false), 1'000);
  if (what == "messages") return made_list(call, state, children(state, Kind::kMessage, *conversation));
  if (what == "notes") return made_list(call, state, children(state, Kind::kNote, *conversation));
  return std::nullopt;
}

// klasses/{name}: the custom objects of that klass.
std::optional<Reply> of_klass(const Call& call, State& state, const std::string& name) {
  const auto klass = std::find_if(kKlasses.begin(), kKlasses.end(), [&](const Klass& one) { return one.name == name; });
  if (klass == kKlasses.end()) return by_ids(call, state, Kind::kKlass, name);
  std::vector<ordered_json> found;
  for (const Row& row : *state.by_id.rows(Kind::kKobject, state.organisation)) {
    if (!row.deleted && kKlasses[state.organisation.klass(row.number)].name == name) {
      found.push_back(record_of(state, Kind::kKobject, row));
    }
  }
  return made_list(call, state, found);
}

std::optional<Reply> deep(const Call& call, State& state, const std::vector<std::string>& parts) {
  if (parts[0] == "conversations" && parts[1] == "times") return by_ids(call, state, Kind::kConversationTime, parts[2]);
  if (parts[0] == "conversations") return of_conversation(call, state, parts[1], parts[2]);
  if (parts[0] == "customers" && parts[2] == "merges") {
    const auto customer = state.organisation.find(Kind::kCustomer, parts[1]);
    return customer ? std::optional(made_list(call, state, merges(state, *customer))) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Reply> single_endpoint(const Call& call, State& state) {
  const std::string path(call.path);
  if (path.empty()) {
    const std::vector<std::string> parts = parts_of(call.request.path, '/');  // "", "v2", "conversations", id, "times"
    if (parts.size() != 5 || parts[1] != "v2" || parts[2] != "conversations" || parts[4] != "times")
      return std::nullopt;
    const auto conversation = state.organisation.find(Kind::kConversation, parts[3]);
    if (!conversation) return std::nullopt;
    return made_list(call, state, times(state, *conversation, true), 1'000);
  }
  if (path == "auth/tokens/current") return token(call, state);
  if (path == "users/current") {
    const auto present = state.organisation.table(Kind::kUser).present();
    return data_reply(call, record_of(state, Kind::kUser, present->row(0)));
  }
  const std::vector<std::string> parts = parts_of(path, '/');
  if (parts.size() == 2 && parts[0] == "metadata") {
    const auto metadata = metadata_of(state.organisation, parts[1]);
    return metadata ? std::optional(data_reply(call, *metadata)) : std::nullopt;
  }
  if (parts.size() == 2 && parts[0] == "klasses") return of_klass(call, state, parts[1]);
  if (parts.size() == 3) {
    if (auto reply = deep(call, state, parts)) return reply;
  }
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const KindInfo* list = find_list(std::string_view(path).substr(0, slash));
  if (list == nullptr) return std::nullopt;
  if (is_forbidden(state.options, list->kind, list->list_path)) {
    return to_reply(forbidden(std::string(list->role), ErrorShape::kJsonApi));
  }
  const std::string id = path.substr(slash + 1);
  if (id != "default" || (list->kind != Kind::kSchedule && list->kind != Kind::kBrand))
    return by_ids(call, state, list->kind, id);
  const auto present = state.organisation.table(list->kind).present();
  if (present->rows == 0) return std::nullopt;
  return by_ids(call, state, list->kind, state.organisation.id(list->kind, present->row(0)));
}

}  // namespace engagement::simulator::kustomer
