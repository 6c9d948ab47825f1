#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request_gate.hpp"
#include "rest/caller.hpp"
#include "rest/page.hpp"
#include "sources/kustomer/config.hpp"
#include "sources/kustomer/request_pacer.hpp"

namespace engagement::kustomer {

// What is read of every answer: the rows in `records` ("data", "included"), and what stands beside them.
rest::PageShape answer_shape(std::string_view records = "data");

// How Kustomer means an answer. `errors` may be of either shape, {code, message} or JSON:API's {status, title, detail}.
// A 200 without rows, with errors, or of a search that timed out is no success.
rest::Answer judge_answer(const rest::Page& page);

// Whether what was asked for came; false where the caller's rules let its absence pass (Action::skip). Throws a
// transient ConnectorError where Kustomer gave up, which only a search can be asked for otherwise.
[[nodiscard]] bool is_served(rest::Action action, const rest::Answer& answer, std::string_view what);

// What an answer's links say of a next page. Some answers have no links, or none with that name.
enum class NextLink { absent, none, given };
NextLink next_link(const rest::Page& page);

// The API of one Kustomer organisation: its host, its key, its limits. Shared by the streams of a process; thread safe.
class Organisation {
 public:
  explicit Organisation(const Config& config);

  // `path` begins with "/v1/" (or another version).
  http::Request get(const std::string& path) const { return request(http::Method::get, path); }
  http::Request post(const std::string& path, std::string body) const;
  // What the links.next of an answer to `path` leads to. They are paths as a rule; a query alone belongs to `path`; an
  // address on another host is not followed, its path is.
  http::Request follow(std::string_view link, std::string_view path) const;

  engine::RequestGate& gate() const { return gate_; }
  rest::Pacer& pacer() const { return pacer_; }

 private:
  http::Request request(http::Method method, const std::string& path) const;

  std::string base_url_;
  std::string api_token_;
  std::string user_agent_;
  mutable engine::RequestGate gate_;
  mutable RequestPacer pacer_;
};

// What becomes of a 403.
struct Forbidden {
  rest::Action action = rest::Action::fail;
  std::string advice{};  // empty: the role that is missing is named
};

// Makes an organisation's calls for one purpose, whose failures name the role that the key needs for it. The rules
// leave to the reader: `split`, a search that timed out; with `not_found` = skip, HTTP 404, which fails otherwise; the
// same of a 403.
class RoleCaller {
 public:
  // `role`: "org.permission.brand.read".
  RoleCaller(std::shared_ptr<const Organisation> organisation, std::string_view role,
             rest::Action not_found = rest::Action::fail, Forbidden forbidden = {});
  RoleCaller(const RoleCaller&) = delete;
  RoleCaller& operator=(const RoleCaller&) = delete;

  const Organisation& organisation() const { return *organisation_; }
  const std::shared_ptr<const Organisation>& shared_organisation() const { return organisation_; }
  const rest::Caller& caller() const { return caller_; }

  // One call, whose answer is in `page` then. False: 404 or 403, where that does not fail.
  bool call(const http::Request& request, std::string_view what, rest::Page& page, engine::Context& context,
            const std::stop_token& stop) const;

 private:
  std::shared_ptr<const Organisation> organisation_;
  std::string forbidden_;  // an advice that rules_ points to
  std::vector<rest::Rule> rules_;
  rest::Caller caller_;
};

}  // namespace engagement::kustomer
