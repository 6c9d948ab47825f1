#pragma once

#include <string>
#include <vector>

#include "sources/kustomer/kustomer_fixture.hpp"
#include "sources/kustomer/search/fake_search.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {

inline std::string row(const std::string& id, const std::string& updated, const std::string& more = "") {
  return R"({"type":"x","id":")" + id + R"(","attributes":{"updatedAt":")" + updated + "\"" + more + "}}";
}

inline std::string page(const std::vector<std::string>& rows, const std::string& next, const std::string& meta = "{}") {
  std::string body = R"({"meta":)" + meta + R"(,"data":[)";
  for (std::size_t at = 0; at < rows.size(); ++at) body += (at == 0 ? "" : ",") + rows[at];
  body += "]";
  if (next != "-") body += R"(,"links":{"next":)" + (next.empty() ? "null" : "\"" + next + "\"") + "}";
  return body + "}";
}

struct Lists : SourceFixture {
  Lists() {
    client.answer_with([this](const http::Request& r, const std::stop_token& s) { return vendor(r, s); });
  }
  FakeSearch vendor;
};

}  // namespace engagement::kustomer
