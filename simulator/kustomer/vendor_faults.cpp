#include "simulator/kustomer/vendor_faults.hpp"

#include <algorithm>

#include "simulator/common/fault_effects.hpp"
#include "simulator/kustomer/record_faults.hpp"

namespace engagement::simulator::kustomer {

namespace {

FaultKinds own_kinds() {
  return {
      {"error", {{{"status", 0}, {"code", ""}, {"message", ""}, {"shape", ""}}, ""}},
      {"rate429", {{{"headers", true}, {"reset_seconds", 0}, {"retry_after", nullptr}}, ""}},
      {"expired", {{}, ""}},
      {"pod", {{{"status", 0}}, ""}},
      {"missing_role", {{{"role", ""}, {"shape", ""}}, ""}},
      {"page_404", {{}, "page"}},
      {"timed_out", {{{"rows", 0}, {"open", true}}, "page"}},
      {"lying_total", {{{"total", 0}}, "page"}},
      {"no_meta_total", {{}, "page"}},
      {"no_links", {{}, "page"}},
      {"no_next", {{}, "page"}},
      {"no_next_key", {{}, "page"}},
      {"next_again", {{}, "page"}},
      {"empty_page", {{}, "page"}},
      {"repeat_page", {{}, "page"}},
      {"moving", {{{"rows", 0}, {"inserts", 0}, {"deletes", 0}}, "page"}},
      {"growing", {{{"rows", 0}, {"cap", 0}}, "page"}},
  };
}

ErrorShape shape_of(const Fault& fault) {
  return fault.get<std::string>("shape", "code") == "jsonapi" ? ErrorShape::kJsonApi : ErrorShape::kCode;
}

std::optional<Failure> failure_of(const Fault& fault) {
  if (fault.kind == "error") {
    return Failure{fault.get("status", 500), fault.get<std::string>("code", "internal_error"),
                   fault.get<std::string>("message", "Something went wrong."), shape_of(fault)};
  }
  if (fault.kind == "rate429") return too_many_requests();
  if (fault.kind == "expired") return unauthorized("Expired token");
  if (fault.kind == "pod") {
    Failure failure = unauthorized("Auth token associated with pod prod2 but request is being handled by prod1");
    failure.status = fault.get("status", failure.status);
    return failure;
  }
  if (fault.kind == "missing_role") return forbidden(fault.get<std::string>("role", "conversation"), shape_of(fault));
  if (fault.kind == "page_404") return not_found("Page");
  return std::nullopt;
}

}  // namespace

const FaultKinds& fault_kinds() {
  static const FaultKinds kinds = [] {
    FaultKinds all = own_kinds();
    all.insert(record_fault_kinds().begin(), record_fault_kinds().end());
    all.insert(common_fault_kinds().begin(), common_fault_kinds().end());
    return all;
  }();
  return kinds;
}

std::optional<Reply> vendor_replacement(const Fault& fault, SystemTime now) {
  const auto failure = failure_of(fault);
  if (!failure) return replacement(fault);
  Reply reply = to_reply(*failure);
  if (fault.kind != "rate429") return reply;
  if (fault.get("headers", true)) {
    const auto reset = now + std::chrono::seconds(fault.get<std::int64_t>("reset_seconds", 2));
    add_rate_headers(reply, {false, 100, 0, reset});
  }
  const nlohmann::json retry_after = fault.get("retry_after", nlohmann::json());
  if (!retry_after.is_null()) {
    reply.headers.emplace_back("Retry-After",
                               retry_after.is_string() ? retry_after.get<std::string>() : retry_after.dump());
  }
  return reply;
}

void alter_page(const Fault& fault, Page& page) {
  if (fault.kind == "timed_out") {
    if (fault.get("open", false) && !page.is_open) return;
    const auto kept = std::min<std::size_t>(fault.get("rows", page.rows.size() / 2), page.rows.size());
    page.rows.resize(kept);
    page.timed_out = true;
    page.total = std::min<std::uint64_t>(page.total, (page.paging.page - 1) * page.paging.size + kept);
    page.next.reset();  // what was not found cannot follow
  } else if (fault.kind == "lying_total") {
    page.total = fault.get<std::uint64_t>("total", page.total / 2);
    page.shows_total = true;
  } else if (fault.kind == "no_meta_total") {
    page.shows_total = false;
  } else if (fault.kind == "no_links") {
    page.omit_links = true;
  } else if (fault.kind == "no_next") {
    page.next.reset();
  } else if (fault.kind == "no_next_key") {
    page.omit_next = true;
  } else if (fault.kind == "next_again") {
    page.next = page.paging.page;
  }
}

void ExtraPages::insert(const std::string& query, std::uint64_t page, bool empty) {
  const std::lock_guard lock(mutex_);
  pages_[query].emplace(page, empty);
}

ExtraPages::Place ExtraPages::find(const std::string& query, std::uint64_t page) const {
  const std::lock_guard lock(mutex_);
  Place place{page, false};
  const auto found = pages_.find(query);
  if (found == pages_.end()) return place;
  for (const auto& [extra, empty] : found->second) {
    if (extra > page) break;
    --place.page;
    if (extra == page) place.empty = empty || place.page == 0;
  }
  return place;
}

}  // namespace engagement::simulator::kustomer
