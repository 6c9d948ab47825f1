#include "simulator/kustomer/kind.hpp"

#include <algorithm>
#include <string>

namespace engagement::simulator::kustomer {

const std::vector<KindInfo>& kinds() {
  static const std::vector<KindInfo> all = {
      {Kind::kCustomer, "customer", "customers", 100, "customer", 500, 1, 64, true, true},
      {Kind::kConversation, "conversation", "conversations", 100, "conversation", 1000, 1, 64, true, true},
      {Kind::kMessage, "message", "messages", 100, "message", 2000, 1, 64, true, true},
      {Kind::kNote, "note", "notes", 100, "note", 250, 1, 64, true, false},
      {Kind::kCompany, "company", "companies", 100, "company", 20, 3, 64, true, true},
      {Kind::kKobject, "kobject", "", 100, "kobject", 500, 5, 64, true, true},
      {Kind::kConversationTime, "conversation_time", "", 1000, "conversation", 1000, 1, 0, true, false},
      {Kind::kWorkItem, "work_item", "", 100, "routing", 1000, 1, 0, true, false},
      {Kind::kWorkSession, "work_session", "routing/work-sessions", 100, "work_session", 50, 5, 0, true, false},
      {Kind::kUser, "user", "users", 500, "user", 0, 230, 16, false, false},
      {Kind::kTeam, "team", "teams", 500, "team", 0, 14, 8, false, false},
      {Kind::kTag, "tag", "tags", 100, "tag", 0, 230, 8, false, false},
      {Kind::kShortcut, "shortcut", "shortcuts", 100, "shortcut", 0, 120, 16, false, false},
      {Kind::kKlass, "klass", "klasses", 100, "klass", 0, kKlasses.size(), 0, false, false},
      {Kind::kBrand, "brand", "brands", 100, "brand", 0, 4, 0, false, false},
      {Kind::kQueue, "queue", "routing/queues", 100, "queue", 0, 12, 6, false, false},
      {Kind::kRoutingSetting, "routing_setting", "routing/settings", 100, "routing", 0, 14, 7, false, false},
      {Kind::kSla, "sla", "slas", 100, "sla", 0, 5, 0, false, false},
      {Kind::kSatisfaction, "satisfaction", "satisfaction", 100, "satisfaction", 0, 3, 0, false, false},
      {Kind::kSchedule, "schedule", "schedules", 100, "schedule", 0, 3, 0, false, false},
      {Kind::kSnooze, "snooze", "snoozes", 100, "user", 0, 7, 0, false, false},
      {Kind::kNotification, "notification", "notifications", 100, "user", 0, 130, 0, false, false},
      {Kind::kCard, "card", "cards", 100, "apps", 0, 4, 0, false, false},
      {Kind::kWebHook, "web_hook", "hooks/web", 100, "apps", 0, 3, 0, false, false},
      {Kind::kEmailHook, "email_hook", "hooks/email", 100, "apps", 0, 2, 0, false, false},
      {Kind::kOutboundAccount, "outbound_account", "outboundAccounts", 100, "apps", 0, 6, 0, false, false},
      {Kind::kSpamSender, "spam_sender", "spam/senders", 100, "spam", 0, 9, 0, false, false},
      {Kind::kArticle, "kb_article", "kb/articles", 500, "kb", 0, 140, 20, false, false},
      {Kind::kCategory, "kb_category", "kb/categories", 100, "kb", 0, 11, 0, false, false},
      {Kind::kAuditLog, "audit_log", "audit-logs", 1000, "audit_logs", 500, 40, 0, false, false},
  };
  return all;
}

const KindInfo& info(Kind kind) { return kinds()[static_cast<std::size_t>(kind)]; }

std::optional<Kind> find_kind(std::string_view name) {
  if (name == "companies") return Kind::kCompany;
  for (const KindInfo& entry : kinds()) {
    if (name == entry.type || (!name.empty() && name == entry.list_path) || name == std::string(entry.type) + 's') {
      return entry.kind;
    }
  }
  return std::nullopt;
}

const KindInfo* find_list(std::string_view path) {
  for (const KindInfo& entry : kinds()) {
    if (!path.empty() && path == entry.list_path) return &entry;
  }
  return nullptr;
}

}  // namespace engagement::simulator::kustomer
