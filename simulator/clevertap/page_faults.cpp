#include "simulator/clevertap/page_faults.hpp"

#include <algorithm>

#include "simulator/clevertap/record_faults.hpp"
#include "simulator/common/fault_effects.hpp"
#include "simulator/common/hostile_members.hpp"

namespace engagement::simulator::clevertap {

namespace {

// The members every fault has that answers with a failure envelope.
FaultParameters envelope(FaultParameters more = {}) {
  more.insert({{"status", 0}, {"code", 0}, {"error", ""}});
  return more;
}

FaultKinds own_kinds() {
  return {
      {"fail200", {envelope(), ""}},
      {"code1", {envelope(), ""}},
      {"code2", {envelope({{"not_ready_seconds", 0.0}}), ""}},
      {"code3", {envelope(), ""}},
      {"rate429", {envelope({{"retry_after", nullptr}}), ""}},
      {"invalid_event", {envelope({{"event", ""}}), "create"}},
      {"refused_event", {envelope(), "create"}},
      {"expired_cursor", {envelope(), "page"}},
      {"expired_request", {envelope(), "poll"}},
      {"unknown_error", {envelope(), ""}},
      {"repeat_cursor", {{}, "page"}},
      {"cursor_cycle", {{}, "page"}},
      {"empty_page", {{}, "page"}},
      {"short_page", {{{"rows", 0}}, "page"}},
      {"missing_status", {{}, "page"}},
      {"pretty", {{}, "page"}},
      {"late_events", {{{"event", ""}, {"day", 0}, {"rows", 0}}, ""}},
      {"growing", {{{"rows", 0}, {"cap", 0}}, ""}},
  };
}

std::optional<Failure> failure_of(const Fault& fault) {
  if (fault.kind == "fail200") return Failure{200, "An unknown error occurred", 500};
  if (fault.kind == "code1") return throttled();
  if (fault.kind == "code2") return not_ready();
  if (fault.kind == "code3") return incorrect_usage();
  if (fault.kind == "rate429") return too_many_requests();
  if (fault.kind == "invalid_event") return invalid_event(fault.get<std::string>("event", "unknown"));
  if (fault.kind == "refused_event") return export_refused();
  if (fault.kind == "expired_cursor") return invalid_cursor();
  if (fault.kind == "expired_request") return Failure{200, "Invalid request id", 400};
  if (fault.kind == "unknown_error") return Failure{500, "An unknown error occurred", 500};
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

std::optional<Reply> vendor_replacement(const Fault& fault) {
  auto failure = failure_of(fault);
  if (!failure) return replacement(fault);
  failure->status = fault.get("status", failure->status);
  failure->code = fault.get("code", failure->code);
  failure->error = fault.get("error", failure->error);
  Reply reply = to_reply(*failure);
  const nlohmann::json retry_after = fault.get("retry_after", nlohmann::json());
  if (!retry_after.is_null()) {
    reply.headers.emplace_back("Retry-After",
                               retry_after.is_string() ? retry_after.get<std::string>() : retry_after.dump());
  }
  return reply;
}

std::uint64_t most_records(const Fault& fault, std::uint64_t batch) {
  if (fault.kind == "empty_page") return 0;
  if (fault.kind == "short_page") return fault.get<std::uint64_t>("rows", 5);
  return batch;
}

std::uint32_t next_page(const std::optional<Fault>& fault, std::uint32_t page) {
  if (fault && fault->kind == "repeat_cursor") return page;
  if (fault && fault->kind == "cursor_cycle") return page > 0 ? page - 1 : page;
  return page + 1;
}

bool alters_text(const Fault& fault) {
  return is_record_fault(fault) || fault.kind == "missing_status" || fault.kind == "pretty";
}

void alter_records(const Fault& fault, std::vector<std::string>& records) {
  if (!is_record_fault(fault) || records.empty()) return;
  const bool all = fault.get("all", false);
  const std::size_t chosen = std::min(fault.get<std::size_t>("record", 0), records.size() - 1);
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (all || at == chosen) alter_record(fault, records[at]);
  }
}

std::string spoiled_text(const Fault& fault, PageLayout layout) {
  std::vector<std::string>& records = layout.records;
  alter_records(fault, records);
  std::vector<std::string> members;
  if (fault.kind != "missing_status") members.emplace_back(R"("status":"success")");
  if (!layout.terminal) {
    std::string list = R"("records":[)";
    for (std::size_t at = 0; at < records.size(); ++at) list.append(at == 0 ? "" : ",").append(records[at]);
    members.push_back(std::move(list) + "]");
    const auto place = layout.cursor_first ? members.end() - 1 : members.end();
    members.insert(place, R"("next_cursor":")" + layout.next_cursor + '"');
  }
  std::string text = "{";
  for (std::size_t at = 0; at < members.size(); ++at) text.append(at == 0 ? "" : ",").append(members[at]);
  text += '}';
  return fault.kind == "pretty" ? pretty(text) : text;
}

}  // namespace engagement::simulator::clevertap
