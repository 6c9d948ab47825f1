#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/stream.hpp"
#include "sources/kustomer/lists/list_pages.hpp"

namespace engagement::kustomer {

// A stream whose every sync reads whole lists.
struct ListStreamPlan {
  engine::StreamDescription description;
  std::vector<std::string> paths;  // as ListPages has them
  std::size_t asked = 100;
  std::string records = "data";
  std::shared_ptr<const RoleCaller> caller;
};
std::unique_ptr<engine::Stream> make_list_stream(ListStreamPlan plan, const Config& config);

// A stream that reads one row at a time, because only then the API includes what belongs to it: the ids are those of a
// list, each row is read at "<path>/<id><query>", and what is included becomes the list `included_as` of the record.
struct DetailStreamPlan {
  engine::StreamDescription description;
  std::string path;   // "/v1/schedules"
  std::string query;  // "?include=holidays"
  std::string included_as;
  std::shared_ptr<const RoleCaller> caller;      // of the list
  std::shared_ptr<const RoleCaller> row_caller;  // whose rules skip a 404: a row has gone since
};
std::unique_ptr<engine::Stream> make_detail_stream(DetailStreamPlan plan, const Config& config);

// The attributes that an organisation has defined itself, one record for each, from /v1/metadata/{resource}.
struct AttributeStreamPlan {
  engine::StreamDescription description;
  std::vector<std::string> resources;
  std::shared_ptr<const RoleCaller> caller;
};
std::unique_ptr<engine::Stream> make_attribute_stream(AttributeStreamPlan plan, const Config& config);

// The audit log: newest first, so a sync reads back to what the last one knew.
struct AuditLogPlan {
  engine::StreamDescription description;
  std::shared_ptr<const RoleCaller> caller;
};
std::unique_ptr<engine::Stream> make_audit_log_stream(AuditLogPlan plan, const Config& config);

}  // namespace engagement::kustomer
