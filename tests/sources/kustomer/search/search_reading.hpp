#pragma once

#include <set>
#include <string>

#include "sources/kustomer/kustomer_fixture.hpp"
#include "sources/kustomer/search/fake_search.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline const SystemTime kTick = time_of("2026-02-01T10:00:00.123Z");

struct Reading : SourceFixture {
  Reading() {
    client.answer_with([this](const http::Request& r, const std::stop_token& s) { return search(r, s); });
  }

  // Each row came, and no row came twice.
  void check_all_once() const {
    const auto came = ids();
    const std::set<std::string> different(came.begin(), came.end());
    CHECK((different == search.ids()));
    CHECK(came.size() == different.size());
  }
  void check_all() const {
    const auto came = ids();
    CHECK((std::set<std::string>(came.begin(), came.end()) == search.ids()));
  }
  bool succeeds(const std::string& stream = "conversations", const Json& changes = Json::object(),
                SyncMode mode = SyncMode::incremental, const std::optional<Json>& state = std::nullopt) {
    return read(stream, changes, mode, state) == engine::RunResult::complete;
  }

  FakeSearch search;
};

}  // namespace engagement::kustomer
