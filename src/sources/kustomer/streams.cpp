#include "sources/kustomer/streams.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json/member_at.hpp"
#include "json/string_text.hpp"
#include "sources/kustomer/files.hpp"
#include "sources/kustomer/lists/child_rows.hpp"
#include "sources/kustomer/lists/list_streams.hpp"
#include "sources/kustomer/search/search_stream.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;

constexpr std::string_view kKlassPrefix = "kobjects_";
constexpr std::string_view kSearchRole = "org.permission.search.create (or another role that may search)";
constexpr std::string_view kUpdated = "updated_at";

std::string search_role(std::string_view role) { return fmt::format("{} and {}", kSearchRole, role); }

}  // namespace

const std::vector<StreamRow>& stream_rows() {
  static const std::vector<StreamRow> rows = {
      {.name = "conversations",
       .kind = Kind::search,
       .object = "conversation",
       .role = "org.permission.conversation.read",
       .cursor = kUpdated,
       .archive = true},
      {.name = "customers",
       .kind = Kind::search,
       .object = "customer",
       .role = "org.permission.customer.read",
       .cursor = kUpdated,
       .archive = true},
      {.name = "kobjects",
       .kind = Kind::search,
       .object = "kobject",
       .role = "org.permission.kobject.read",
       .cursor = kUpdated,
       .archive = true},
      {.name = "messages",
       .kind = Kind::search,
       .object = "message",
       .role = "org.permission.message.read",
       .cursor = kUpdated,
       .archive = true},
      {.name = "notes", .kind = Kind::search, .object = "note", .role = "org.permission.note.read", .cursor = kUpdated},
      {.name = "shortcuts", .path = "/v1/shortcuts", .role = "org.permission.shortcut.read", .cursor = kUpdated},
      {.name = "tags",
       .path = "/v1/tags",
       .role = "org.permission.tag.read",
       .cursor = kUpdated,
       .variants = Variants::deleted},
      {.name = "teams", .path = "/v1/teams", .role = "org.permission.team.read", .cursor = kUpdated, .most_rows = 500},
      {.name = "users",
       .path = "/v1/users",
       .role = "org.permission.user.read",
       .cursor = kUpdated,
       .most_rows = 500,
       .variants = Variants::deleted},
      {.name = "companies",
       .kind = Kind::search,
       .object = "company",
       .role = "org.permission.company.read",
       .cursor = kUpdated,
       .archive = true},
      {.name = "klasses",
       .path = "/v1/klasses",
       .role = "org.permission.klass.read",
       .variants = Variants::klass_status},
      {.name = "custom_attributes", .kind = Kind::attributes, .role = "org.permission.metadata.read"},
      {.name = "brands", .path = "/v1/brands", .role = "org.permission.brand.read"},
      {.name = "queues", .path = "/v1/routing/queues", .role = "org.permission.queue.read"},
      {.name = "routing_settings",
       .path = "/v1/routing/settings",
       .role = "org.permission.routing.read",
       .optional = true},
      {.name = "slas", .path = "/v1/slas", .role = "org.permission.sla.read", .optional = true},
      {.name = "sla_versions",
       .path = "/v1/slas",
       .role = "org.permission.sla.read",
       .optional = true,
       .variants = Variants::sla_versions},
      {.name = "satisfaction_surveys", .path = "/v1/satisfaction", .role = "org.permission.satisfaction.read"},
      {.name = "business_schedules",
       .kind = Kind::detail,
       .path = "/v1/schedules",
       .role = "org.permission.schedule.read"},
      {.name = "snoozes", .path = "/v1/snoozes", .role = "org.permission.snooze.read"},
      {.name = "notifications", .path = "/v1/notifications", .role = "org.permission.notification.read"},
      {.name = "cards", .path = "/v1/cards", .role = "org.permission.apps.read"},
      {.name = "web_hooks", .path = "/v1/hooks/web", .role = "org.permission.apps.read"},
      {.name = "email_hooks", .path = "/v1/hooks/email", .role = "org.permission.apps.read"},
      {.name = "outbound_accounts", .path = "/v1/outboundAccounts", .role = "org.permission.apps.read"},
      {.name = "spam_senders", .path = "/v1/spam/senders", .role = "org.permission.spam.read"},
      {.name = "work_sessions",
       .path = "/v1/routing/work-sessions",
       .role = "org.permission.work_session.read",
       .cursor = kUpdated},
      {.name = "conversation_times",
       .kind = Kind::search,
       .object = "conversation_time",
       .role = "org.permission.conversation.read",
       .cursor = "handle_at",
       .optional = true},
      {.name = "audit_logs", .kind = Kind::audit_log, .role = "org.permission.audit_logs.read", .cursor = "created_at"},
      {.name = "kb_articles",
       .path = "/v1/kb/articles?includeLang=en_us&includeBody=true",
       .role = "org.permission.kb.read"},
      {.name = "kb_categories", .path = "/v1/kb/categories", .role = "org.permission.kb.read"},
      {.name = "customer_merges",
       .kind = Kind::child,
       .path = "/merges",
       .object = "customer",
       .role = "org.permission.customer.read",
       .cursor = "customer_updated_at",
       .archive = true,
       .optional = true},
      {.name = "conversation_events",
       .kind = Kind::child,
       .path = "/events",
       .object = "conversation",
       .role = "org.permission.event.read",
       .cursor = "conversation_updated_at",
       .archive = true,
       .optional = true},
  };
  return rows;
}

std::string klass_stream_name(std::string_view klass) { return fmt::format("{}{}", kKlassPrefix, klass); }

std::optional<StreamRow> klass_row(std::string_view name) {
  if (!name.starts_with(kKlassPrefix) || name.size() == kKlassPrefix.size()) return std::nullopt;
  return StreamRow{.name = name,
                   .kind = Kind::search,
                   .object = "kobject",
                   .role = "org.permission.kobject.read (or that of the klass)",
                   .cursor = kUpdated,
                   .archive = true};
}

namespace {

Json flat_schema(const StreamRow& row) {
  const auto file = klass_row(row.name) ? std::string_view("kobjects") : row.name;
  return Json::parse(embedded_file(fmt::format("schemas/kustomer/{}.json", file)));
}

// As sent, with the cursor and what the connector adds.
Json json_api_schema(const StreamRow& row, const Json& flat) {
  if (row.kind == Kind::attributes) return flat;
  Json schema = Json::parse(embedded_file("schemas/kustomer/json_api.json"));
  if (flat.contains("description")) schema["description"] = flat["description"];
  const std::string parent = fmt::format("{}_", row.object);
  for (const auto& [name, property] : flat.at("properties").items()) {
    const bool of_parent = row.kind == Kind::child && (name == parent + "id" || name == parent + "updated_at");
    if (name == row.cursor || of_parent || name == "holidays") schema["properties"][name] = property;
  }
  return schema;
}

std::vector<std::string> paths_of(const StreamRow& row, const Config& config, std::size_t page_size) {
  const auto path = [&](std::string_view filter) {
    const char* first = row.path.find('?') == std::string_view::npos ? "?" : "&";
    return fmt::format("{}{}{}{}pageSize={}", row.path, first, filter, filter.empty() ? "" : "&", page_size);
  };
  switch (row.variants) {
    case Variants::deleted:
      // What the list has without a filter is not documented.
      if (!config.include_deleted) return {path("deleted=false")};
      return {path(""), path("deleted=true")};
    case Variants::klass_status:
      return {path("status=enabled"), path("status=existing_only"), path("status=disabled")};
    case Variants::sla_versions:
      return {path("versions=all")};
    case Variants::none:
      break;
  }
  return {path("")};
}

SearchTarget target_of(const StreamRow& row) {
  const auto klass = klass_row(row.name);
  SearchTarget target;
  target.context = klass ? fmt::format("{}_{}", row.object, row.name.substr(kKlassPrefix.size())) : row.object;
  const bool is_time = row.object == "conversation_time";
  target.changed_at = fmt::format("{}_{}", row.object, is_time ? "handle_at" : "updated_at");
  target.created_at = fmt::format("{}_created_at", row.object);
  if (is_time) target.changed_path = "attributes.handleAt";
  return target;
}

std::unique_ptr<engine::Stream> make_searched(const StreamRow& row, const Config& config,
                                              const std::shared_ptr<const Organisation>& organisation) {
  SearchStreamPlan plan;
  plan.description = describe(row, config.layout);
  plan.target = target_of(row);
  plan.has_archive = row.archive;
  plan.has_updates = row.object != "conversation_time";
  if (!row.archive) {
    plan.past_note = "Kustomer's archive search does not have these: what was not updated for two years cannot be read";
  }
  plan.caller = std::make_shared<RoleCaller>(organisation, search_role(row.role), rest::Action::skip);
  if (row.name == "kobjects") {
    plan.narrower_contexts = [organisation](engine::Context& context, const std::stop_token& stop) {
      auto names = klass_names(organisation, context, stop);
      for (auto& name : names) name.insert(0, "kobject_");
      return names;
    };
  }
  if (row.kind == Kind::child) {
    const std::string lists = row.object == "customer" ? "/v1/customers/" : "/v1/conversations/";
    const auto caller = std::make_shared<RoleCaller>(organisation, row.role, rest::Action::skip);
    plan.consumer = [child = ChildPlan{lists, std::string(row.path), std::string(row.object), caller},
                     layout = config.layout](engine::StreamContext& context) {
      return make_child_rows(child, layout, context);
    };
  } else {
    plan.consumer = [target = plan.target, layout = config.layout, cursor = std::string(row.cursor)](
                        engine::StreamContext& context) { return make_row_writer(layout, target, cursor, context); };
  }
  return make_search_stream(std::move(plan), config);
}

}  // namespace

engine::StreamDescription describe(const StreamRow& row, Layout layout) {
  engine::StreamDescription description;
  description.name = row.name;
  description.json_schema = flat_schema(row);
  if (layout == Layout::json_api) description.json_schema = json_api_schema(row, description.json_schema);
  description.primary_key = {{"id"}};
  if (!row.cursor.empty()) description.cursor = {std::string(row.cursor)};
  description.resumable = row.kind == Kind::search || row.kind == Kind::child;
  description.time_bound = description.resumable;
  return description;
}

std::unique_ptr<engine::Stream> make_stream(const StreamRow& row, const Config& config,
                                            const std::shared_ptr<const Organisation>& organisation) {
  if (row.kind == Kind::search || row.kind == Kind::child) return make_searched(row, config, organisation);
  auto description = describe(row, config.layout);
  auto caller = std::make_shared<const RoleCaller>(organisation, row.role);
  switch (row.kind) {
    case Kind::detail:
      return make_detail_stream(
          {std::move(description), std::string(row.path), "?include=holidays", "holidays", std::move(caller),
           std::make_shared<const RoleCaller>(organisation, row.role, rest::Action::skip)},
          config);
    case Kind::attributes:
      return make_attribute_stream(
          {std::move(description), {"customer", "conversation", "company", "message"}, std::move(caller)}, config);
    case Kind::audit_log:
      return make_audit_log_stream({std::move(description), std::move(caller)}, config);
    default:
      break;
  }
  const std::size_t page_size = std::min(config.page_size, row.most_rows);
  return make_list_stream({std::move(description), paths_of(row, config, page_size), page_size,
                           row.variants == Variants::sla_versions ? "included" : "data", std::move(caller)},
                          config);
}

std::vector<std::string> klass_names(const std::shared_ptr<const Organisation>& organisation, engine::Context& context,
                                     const std::stop_token& stop, rest::Action refused) {
  const RoleCaller caller(organisation, "org.permission.klass.read", refused, {.action = refused});
  std::vector<std::string> names;
  for (const char* status : {"enabled", "existing_only", "disabled"}) {
    ListPages pages(organisation, {fmt::format("/v1/klasses?status={}&pageSize=100", status)}, 100);
    rest::Page page;
    for (auto request = pages.next(nullptr); request; request = pages.next(&page)) {
      if (!caller.call(*request, "GET /v1/klasses", page, context, stop)) {
        // Past their end lists answer 404; the sequence knows what to make of it.
        if (page.response.status == 404 && !names.empty()) continue;
        context.warn_once("klasses", fmt::format("The streams of single klasses are left out, because Kustomer refuses "
                                                 "the list of klasses (HTTP {}). It needs the role "
                                                 "org.permission.klass.read.",
                                                 page.response.status));
        return {};
      }
      for (const auto& klass : page.records()) {
        const auto name = json::member_at(klass.walker, "attributes.name");
        if (!name || !json::is_string(*name)) continue;
        auto text = json::decode_string(json::string_content(*name));
        if (std::find(names.begin(), names.end(), text) == names.end()) names.push_back(std::move(text));
      }
    }
  }
  return names;
}

}  // namespace engagement::kustomer
