#include "simulator/kustomer/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "simulator/common/draw.hpp"
#include "simulator/kustomer/record_text.hpp"

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::ordered_json;

// What the records have in `custom`, but for names that no metadata knows.
const std::map<std::string_view, std::vector<std::string_view>>& attributes() {
  static const std::map<std::string_view, std::vector<std::string_view>> attributes = {
      {"conversation",
       {"orderNumberStr", "orderTotalNum", "contactReasonTree", "vipBool", "trackingUrl", "shopifyOrderId", "ledgerNum",
        "rateNum", "HTMLBodyTxt", "returnedAt", "notesTxt"}},
      {"customer",
       {"lastOrderIdNum", "ordersCountNum", "totalSpentNum", "acceptsMarketingBool", "loyaltyTree", "os00Str",
        "profileUrl", "birthdayAt"}},
      {"company", {"tierStr", "revenueNum", "renewalAt"}},
      {"message", {"campaignStr", "clicksNum"}},
      {"kobject", {"orderNumberStr", "totalPriceNum", "skusTxt", "orderCreatedAt", "scoreNum"}}};
  return attributes;
}

std::string_view type_by_suffix(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"Num", "number"},   {"At", "date"}, {"Str", "string"}, {"Txt", "text"},
      {"Bool", "boolean"}, {"Url", "url"}, {"Tree", "tree"},  {"Id", "reference"}};
  for (const auto& [suffix, type] : kTypes) {
    if (name.ends_with(suffix)) return type;
  }
  return "string";
}

}  // namespace

std::optional<ordered_json> metadata_of(const Organisation& organisation, const std::string& resource) {
  std::string_view name = resource;
  const auto is_klass = [](std::string_view wanted) {
    return std::any_of(kKlasses.begin(), kKlasses.end(), [wanted](const Klass& klass) { return klass.name == wanted; });
  };
  std::string_view klass = name.starts_with("kobject_") ? name.substr(8) : name;
  if (is_klass(klass)) name = "kobject";
  const auto found = attributes().find(name);
  if (found == attributes().end()) return std::nullopt;
  const std::string when = time_text(organisation.options().first);
  ordered_json properties = ordered_json::object();
  for (const std::string_view attribute : found->second) {
    const std::string_view type = type_by_suffix(attribute);
    ordered_json& property = properties[std::string(attribute)];
    property = {{"type", type}, {"displayName", attribute}, {"modifiedAt", when}, {"updatedAt", when}};
    if (type == "tree") property["tree"] = {{"children", {{{"id", "returns"}, {"value", "Returns"}}}}};
    if (type == "reference") property["target"] = "order";
  }
  if (klass == "ecomm-order") properties["externalOrderNum"] = {{"type", "number"}, {"displayName", "External"}};
  return ordered_json{{"type", "metadata"},
                      {"id", fmt::format("{:024x}", hash_of(resource))},
                      {"attributes", {{"properties", properties}}}};
}

}  // namespace engagement::simulator::kustomer
