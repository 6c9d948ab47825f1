#include "simulator/kustomer/attribute.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>

namespace engagement::simulator::kustomer {

namespace {

using Names = std::map<std::string_view, Field>;

const std::map<Kind, Names>& standard_names() {
  static const std::map<Kind, Names> names = {
      {Kind::kCustomer,
       {{"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"modified_at", Field::kModified},
        {"activity_at", Field::kActivity},
        {"imported_at", Field::kImported}}},
      {Kind::kConversation,
       {{"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"modified_at", Field::kModified},
        {"ended_at", Field::kEnded},
        {"imported_at", Field::kImported},
        {"last_message_at", Field::kLastMessage},
        {"customer_id", Field::kCustomerId},
        {"status", Field::kStatus}}},
      {Kind::kMessage,
       {{"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"sent_at", Field::kCreated},
        {"error_at", Field::kNever},
        {"redacted_at", Field::kNever},
        {"imported_at", Field::kImported},
        {"customer_id", Field::kCustomerId}}},
      {Kind::kNote,
       {{"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"modified_at", Field::kModified},
        {"imported_at", Field::kImported},
        {"customer_id", Field::kCustomerId},
        {"conversation_id", Field::kConversationId},
        {"deleted", Field::kDeleted}}},
      {Kind::kCompany, {{"updated_at", Field::kUpdated}, {"imported_at", Field::kImported}}},
      {Kind::kKobject,
       {{"created_at", Field::kCreated}, {"updated_at", Field::kUpdated}, {"imported_at", Field::kImported}}},
      {Kind::kConversationTime,
       {{"created_at", Field::kCreated},
        {"handle_at", Field::kUpdated},
        {"message_at", Field::kUpdated},
        {"note_at", Field::kNever},
        {"conversation_id", Field::kConversationId}}},
      {Kind::kWorkItem, {{"handle_completed_at", Field::kUpdated}}},
      {Kind::kWorkSession, {{"updated_at", Field::kUpdated}}},
  };
  return names;
}

const std::map<Kind, Names>& archive_filters() {
  static const std::map<Kind, Names> names = {
      {Kind::kConversation,
       {{"id", Field::kId},
        {"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"customer_id", Field::kCustomerId},
        {"any_text", Field::kText},
        {"deleted", Field::kDeleted}}},
      {Kind::kCustomer,
       {{"id", Field::kId},
        {"companyId", Field::kCompanyId},
        {"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"deleted", Field::kDeleted},
        {"any_text_new", Field::kText}}},
      {Kind::kMessage,
       {{"id", Field::kId},
        {"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"conversation_id", Field::kConversationId},
        {"any_text", Field::kText}}},
      {Kind::kKobject,
       {{"id", Field::kId},
        {"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"customer_id", Field::kCustomerId},
        {"company_id", Field::kCompanyId},
        {"any_text", Field::kText}}},
      {Kind::kCompany, {{"created_at", Field::kCreated}, {"updated_at", Field::kUpdated}}},
  };
  return names;
}

const std::map<Kind, Names>& archive_sorts() {
  static const std::map<Kind, Names> names = {
      {Kind::kConversation,
       {{"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"customer_id", Field::kCustomerId},
        {"deleted", Field::kDeleted}}},
      {Kind::kCustomer,
       {{"companyId", Field::kCompanyId},
        {"created_at", Field::kCreated},
        {"updated_at", Field::kUpdated},
        {"deleted", Field::kDeleted}}},
      {Kind::kMessage, {{"id", Field::kId}, {"created_at", Field::kCreated}, {"updated_at", Field::kUpdated}}},
      {Kind::kKobject, {{"created_at", Field::kCreated}, {"updated_at", Field::kUpdated}}},
      {Kind::kCompany, {{"created_at", Field::kCreated}, {"updated_at", Field::kUpdated}}},
  };
  return names;
}

// The name without "conversation_", or in a klass's context without "kobject_<klass>_" or "kobject_".
std::optional<std::string_view> own_part(const Context& context, std::string_view name) {
  std::string prefix = std::string(info(context.kind).type) + '_';
  if (context.klass) {
    const std::string longer = prefix + std::string(kKlasses[*context.klass].name) + '_';
    if (name.starts_with(longer)) prefix = longer;
  }
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

std::optional<Field> find_in(const std::map<Kind, Names>& names, const Context& context, std::string_view name) {
  const auto own = own_part(context, name);
  const auto of_kind = names.find(context.kind);
  if (!own || of_kind == names.end()) return std::nullopt;
  const auto found = of_kind->second.find(*own);
  return found == of_kind->second.end() ? std::nullopt : std::optional(found->second);
}

Value id_of(const Organisation& organisation, Kind from, const Row& row, Kind to) {
  const auto number = organisation.reference(from, row, to);
  return number ? Value(organisation.id(to, *number)) : Value();
}

Value time_or_none(const std::optional<SystemTime>& time) { return time ? Value(*time) : Value(); }

}  // namespace

FieldType type_of(Field field) {
  switch (field) {
    case Field::kId:
    case Field::kCustomerId:
    case Field::kConversationId:
    case Field::kCompanyId:
      return FieldType::kId;
    case Field::kDeleted:
      return FieldType::kBoolean;
    case Field::kStatus:
    case Field::kText:
    case Field::kCustom:
      return FieldType::kText;
    default:
      return FieldType::kTime;
  }
}

std::optional<Context> find_context(std::string_view name, bool archive) {
  for (const KindInfo& entry : kinds()) {
    if (name == entry.type && (archive ? entry.is_archived : entry.is_searchable)) {
      return Context{entry.kind, std::nullopt, archive};
    }
  }
  static constexpr std::string_view kPrefix = "kobject_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const auto klass = std::find_if(kKlasses.begin(), kKlasses.end(),
                                  [name](const Klass& one) { return one.name == name.substr(kPrefix.size()); });
  if (klass == kKlasses.end()) return std::nullopt;
  return Context{Kind::kKobject, static_cast<std::size_t>(klass - kKlasses.begin()), archive};
}

std::optional<Field> find_filter(const Context& context, std::string_view name) {
  if (context.archive) return find_in(archive_filters(), context, name);
  const auto own = own_part(context, name);
  if (own && own->starts_with("custom_") && own->size() > 7) return Field::kCustom;
  return find_in(standard_names(), context, name);
}

std::optional<Field> find_sort(const Context& context, std::string_view name) {
  if (context.archive) return find_in(archive_sorts(), context, name);
  const auto field = find_in(standard_names(), context, name);
  return field && type_of(*field) == FieldType::kTime ? field : std::nullopt;
}

Value value_of(const Organisation& organisation, Kind kind, const Row& row, Field field) {
  switch (field) {
    case Field::kUpdated:
      return row.updated;
    case Field::kCreated:
      return row.created;
    case Field::kModified:
    case Field::kActivity:
    case Field::kLastMessage:
      return organisation.modified(kind, row);
    case Field::kImported:
      return time_or_none(organisation.imported(kind, row));
    case Field::kEnded:
      return organisation.status(row) == "done" ? Value(organisation.modified(kind, row)) : Value();
    case Field::kId:
      return organisation.id(kind, row);
    case Field::kCustomerId:
      return id_of(organisation, kind, row, Kind::kCustomer);
    case Field::kConversationId:
      return id_of(organisation, kind, row, Kind::kConversation);
    case Field::kCompanyId:
      return id_of(organisation, kind, row, Kind::kCompany);
    case Field::kDeleted:
      return row.deleted;
    case Field::kStatus:
      return std::string(organisation.status(row));
    case Field::kText:
    case Field::kCustom:
    case Field::kNever:
      break;
  }
  return {};
}

}  // namespace engagement::simulator::kustomer
