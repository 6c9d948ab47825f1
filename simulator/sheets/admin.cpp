#include "simulator/sheets/admin.hpp"

#include "core/error.hpp"

namespace engagement::simulator::sheets {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

Reply reply_with(const ordered_json& body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.set_text(body.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  return reply;
}

json parsed_body(const Request& request) {
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw config_error("The request's body is no JSON.");
  return body;
}

Reply dispatch(const Request& request, State& state) {
  const std::string call = request.method + ' ' + request.path.substr(kAdminPrefix.size());
  if (call == "GET requests") return reply_with(state.log.list());
  if (call == "DELETE requests") {
    state.log.reset();
    return reply_with(ordered_json::object());
  }
  if (call == "PUT faults" || call == "DELETE faults") {
    state.faults.replace(request.method == "PUT" ? parsed_body(request) : json::array());
  }
  if (call == "GET faults" || call == "PUT faults" || call == "DELETE faults") return reply_with(state.faults.list());
  if (call == "GET sheet" || call == "PUT sheet") {
    const std::lock_guard lock(state.mutex);
    if (request.method == "PUT") state.spreadsheet = Spreadsheet(parsed_body(request));
    return reply_with(state.spreadsheet.content());
  }
  if (call == "GET key") return reply_with(state.account.key_file(state.token_uri()));
  if (call == "GET info") {
    return reply_with({{"name", "sheets"},
                       {"spreadsheet_id", state.options.spreadsheet_id},
                       {"api_key", state.options.api_key},
                       {"client_email", state.account.email()},
                       {"token_uri", state.token_uri()}});
  }
  return reply_with({{"error", "There is no " + call}}, 404);
}

}  // namespace

Reply admin(const Request& request, State& state) {
  try {
    return dispatch(request, state);
  } catch (const ConnectorError& error) {
    return reply_with({{"error", error.what()}}, 400);
  }
}

}  // namespace engagement::simulator::sheets
