#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "simulator/kustomer/organisation.hpp"

namespace engagement::simulator::kustomer {

// What a criterion or a sort may name.
enum class Field {
  kUpdated,
  kCreated,
  kModified,
  kImported,
  kActivity,
  kEnded,
  kLastMessage,
  kNever,  // a time that no row has
  kId,
  kCustomerId,
  kConversationId,
  kCompanyId,
  kDeleted,
  kStatus,
  kText,
  kCustom,
};

enum class FieldType { kTime, kId, kBoolean, kText };
FieldType type_of(Field field);

// The context of a search: what it returns.
struct Context {
  Kind kind = Kind::kConversation;
  std::optional<std::size_t> klass;  // in kKlasses, of "kobject_<klass>"
  bool archive = false;
};

// "conversation", "kobject_ecomm-order"; nullopt for what that search does not have.
std::optional<Context> find_context(std::string_view name, bool archive);

// The attributes that documentation or use elsewhere vouches for (reference 2.5, 2.6), and no others.
std::optional<Field> find_filter(const Context& context, std::string_view name);
std::optional<Field> find_sort(const Context& context, std::string_view name);

using Value = std::variant<std::monostate, SystemTime, std::string, bool>;
Value value_of(const Organisation& organisation, Kind kind, const Row& row, Field field);

}  // namespace engagement::simulator::kustomer
