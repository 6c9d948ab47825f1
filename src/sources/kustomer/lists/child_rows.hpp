#pragma once

#include <memory>
#include <string>

#include "sources/kustomer/lists/list_pages.hpp"
#include "sources/kustomer/search/search_stream.hpp"

namespace engagement::kustomer {

// Of each row of a search, the list that belongs to it: "/v1/customers/{id}/merges".
struct ChildPlan {
  std::string before_id;                     // "/v1/customers/"
  std::string after_id;                      // "/merges"
  std::string parent;                        // "customer": the records get `customer_id` and `customer_updated_at`
  std::shared_ptr<const RoleCaller> caller;  // whose rules skip a 404
};

// The list's records, with the id and the time of change of the row that they belong to. Both outlive the consumer.
std::unique_ptr<RowConsumer> make_child_rows(const ChildPlan& plan, Layout layout, engine::StreamContext& context);

}  // namespace engagement::kustomer
