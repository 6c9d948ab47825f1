#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stream.hpp"
#include "sources/kustomer/config.hpp"
#include "sources/kustomer/organisation.hpp"

namespace engagement::kustomer {

enum class Kind {
  search,      // POST /v1/customers/search with a context
  list,        // GET, page by page
  detail,      // GET, row by row
  attributes,  // GET /v1/metadata/{resource}
  audit_log,   // GET /v1/audit-logs, newest first
  child,       // GET below each row of a search
};

// Of a list: the same path again with these.
enum class Variants { none, deleted, klass_status, sla_versions };

// A stream: https://developer.kustomer.com/kustomer-api-docs/reference for the paths, roles and pages' sizes.
struct StreamRow {
  std::string_view name;
  Kind kind = Kind::list;
  std::string_view path{};    // a list's; of a child what comes behind the parent's id
  std::string_view object{};  // of a search: the context, and how its attributes begin
  std::string_view role{};    // what a 403 asks for
  std::string_view cursor{};  // empty: full refresh alone
  std::size_t most_rows = 100;
  bool archive = false;   // the archive search has it
  bool optional = false;  // listed by discover only where asked for
  Variants variants = Variants::none;
};

// In the order in which they are listed.
const std::vector<StreamRow>& stream_rows();
// "kobjects_ecomm-order" -> the row of the stream of that klass; its views live as long as `name`.
std::optional<StreamRow> klass_row(std::string_view name);
std::string klass_stream_name(std::string_view klass);

// What discover says, without what only the organisation knows.
engine::StreamDescription describe(const StreamRow& row, Layout layout);

std::unique_ptr<engine::Stream> make_stream(const StreamRow& row, const Config& config,
                                            const std::shared_ptr<const Organisation>& organisation);

// The names of the organisation's klasses, whatever their status; none, with a warning, where a refusal (403, 404)
// is to be skipped. Throws ConnectorError.
std::vector<std::string> klass_names(const std::shared_ptr<const Organisation>& organisation, engine::Context& context,
                                     const std::stop_token& stop, rest::Action refused = rest::Action::fail);

}  // namespace engagement::kustomer
