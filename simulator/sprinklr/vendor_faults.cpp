#include "simulator/sprinklr/vendor_faults.hpp"

#include <nlohmann/json.hpp>

#include "simulator/common/fault_effects.hpp"
#include "simulator/sprinklr/failure.hpp"
#include "simulator/sprinklr/record_faults.hpp"

namespace engagement::simulator::sprinklr {

namespace {

FaultKinds own_kinds() {
  const FaultParameters words = {{"status", 0}, {"message", ""}};
  const FaultParameters gateway = {{"json", true}, {"retry_after", nullptr}};
  return {
      {"over_qps", {gateway, ""}},
      {"over_rate", {gateway, ""}},
      {"inactive", {gateway, ""}},
      {"rate429", {{{"retry_after", nullptr}}, ""}},
      {"invalid_token", {words, ""}},
      {"forbidden", {words, ""}},
      {"forbidden400", {words, ""}},
      {"misdirected", {words, ""}},
      {"try_again", {words, ""}},
      {"bad_request", {words, ""}},
      {"beyond_cap", {words, "page"}},
      {"bare_message", {words, ""}},
      {"app_errors", {words, "page"}},
      {"timeout_above", {{{"page_size", 0}, {"status", 0}}, "page"}},
      {"expired_cursor", {words, "page"}},
      {"repeat_page", {{}, "page"}},
      {"repeat_cursor", {{}, "page"}},
      {"empty_page", {{}, "page"}},
      {"null_rows", {{}, "page"}},
      {"pretty", {{}, "page"}},
      {"restate", {{{"days", 0}}, "page"}},
      {"lost_refresh", {{}, "token"}},
      {"refresh_fails", {words, "token"}},
      {"invalid_client", {words, "token"}},
      {"rotated", {{}, ""}},
      {"expired_token", {{}, ""}},
  };
}

std::optional<Failure> failure_of(const Fault& fault) {
  if (fault.kind == "invalid_token") return invalid_token();
  if (fault.kind == "forbidden") return forbidden(false);
  if (fault.kind == "forbidden400") return forbidden(true);
  if (fault.kind == "misdirected") return Failure{421, "Misdirected Request"};
  if (fault.kind == "try_again") return Failure{400, "Please try again"};
  if (fault.kind == "bad_request") return Failure{400, "Invalid request/response"};
  if (fault.kind == "beyond_cap") return beyond_cap();
  if (fault.kind == "expired_cursor") return invalid_request("the cursor is invalid or has expired");
  if (fault.kind == "app_errors") return Failure{200, "An unexpected error occurred"};
  if (fault.kind == "refresh_fails") return Failure{500, "Internal Server Error"};
  return std::nullopt;
}

void add_retry_after(const Fault& fault, Reply& reply) {
  const nlohmann::json value = fault.get("retry_after", nlohmann::json());
  if (value.is_null()) return;
  reply.headers.emplace_back("Retry-After", value.is_string() ? value.get<std::string>() : value.dump());
}

Reply gateway(const Fault& fault, const char* words, const char* code) {
  Reply reply = gateway_refusal(words, code, fault.get("json", false));
  add_retry_after(fault, reply);
  return reply;
}

Reply plain_json(int status, const nlohmann::ordered_json& body) {
  Reply reply;
  reply.status = status;
  reply.set_text(body.dump());
  return reply;
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

std::optional<Reply> vendor_replacement(const Fault& fault, std::uint64_t page_size) {
  if (fault.kind == "over_qps") return gateway(fault, "Developer Over Qps", "ERR_403_DEVELOPER_OVER_QPS");
  if (fault.kind == "over_rate") return gateway(fault, "Developer Over Rate", "ERR_403_DEVELOPER_OVER_RATE");
  if (fault.kind == "inactive") return gateway(fault, "Developer Inactive", "ERR_403_DEVELOPER_INACTIVE");
  if (fault.kind == "bare_message") {
    return plain_json(fault.get("status", 500), {{"message", fault.get<std::string>("message", "Something failed")}});
  }
  if (fault.kind == "invalid_client") {
    return plain_json(fault.get("status", 401),
                      {{"error", "invalid_client"},
                       {"error_description", fault.get<std::string>("message", "Invalid APIKey/ClientID")}});
  }
  if (fault.kind == "rate429") {
    Reply reply = to_reply({429, "Rate limit exceeded. You have made too many requests in the current time window."});
    add_retry_after(fault, reply);
    return reply;
  }
  if (fault.kind == "timeout_above") {
    if (page_size <= fault.get<std::uint64_t>("page_size", 0)) return std::nullopt;
    Reply reply;
    reply.status = fault.get("status", 504);
    reply.content_type = "text/html";
    reply.set_text("<html><body><h1>504 Gateway Time-out</h1></body></html>");
    return reply;
  }
  auto failure = failure_of(fault);
  if (!failure) return replacement(fault);
  failure->status = fault.get("status", failure->status);
  failure->message = fault.get("message", failure->message);
  return to_reply(*failure);
}

}  // namespace engagement::simulator::sprinklr
