#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace engagement::simulator::kustomer {

// Everything of which the organisation has rows.
enum class Kind : std::uint8_t {
  kCustomer,
  kConversation,
  kMessage,
  kNote,
  kCompany,
  kKobject,
  kConversationTime,
  kWorkItem,
  kWorkSession,
  kUser,
  kTeam,
  kTag,
  kShortcut,
  kKlass,
  kBrand,
  kQueue,
  kRoutingSetting,
  kSla,
  kSatisfaction,
  kSchedule,
  kSnooze,
  kNotification,
  kCard,
  kWebHook,
  kEmailHook,
  kOutboundAccount,
  kSpamSender,
  kArticle,
  kCategory,
  kAuditLog,
};

struct KindInfo {
  Kind kind;
  std::string_view type;         // of the resource; also the search context and the name in options, faults and truth
  std::string_view list_path;    // under /v1/; empty: there is no list
  std::uint64_t largest_page;    // of the list (reference 2.4)
  std::string_view role;         // that reading needs (reference 2.2)
  std::uint64_t per_mille;       // rows for a thousand conversations; 0: `rows` of them
  std::uint64_t rows;            // at least so many
  std::uint64_t one_deleted_in;  // so many rows in a row hold one that is deleted; 0: none is
  bool is_searchable;
  bool is_archived;  // the archive search has it, too
};

const std::vector<KindInfo>& kinds();
const KindInfo& info(Kind kind);

// By its type ("conversation"), its type's plural or the path of its list ("routing/queues"); nullopt if there is none.
std::optional<Kind> find_kind(std::string_view name);
// By the path of its list alone.
const KindInfo* find_list(std::string_view path);

// A search context of custom objects, besides "kobject", is "kobject_" and one of these. The last two klasses are not
// enabled, and the last has no objects.
struct Klass {
  std::string_view name, display_name, status;
};
inline constexpr std::array<Klass, 6> kKlasses{{{"order", "Order", "enabled"},
                                                {"ecomm-order", "E-commerce order", "enabled"},
                                                {"return_request", "Rückgabe", "enabled"},
                                                {"subscription", "Subscription", "enabled"},
                                                {"legacy-ticket", "Legacy ticket", "existing_only"},
                                                {"experiment", "Experiment", "disabled"}}};
inline constexpr std::size_t kKlassesWithObjects = 5;

}  // namespace engagement::simulator::kustomer
