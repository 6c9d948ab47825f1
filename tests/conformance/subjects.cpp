#include "conformance/subjects.hpp"

#include <cstdlib>

#include "support/catch.hpp"

namespace engagement {
// Generated from the list of sources in src/CMakeLists.txt.
std::vector<std::unique_ptr<engine::Source>> make_all_sources();
}  // namespace engagement

namespace engagement::test {

std::vector<std::unique_ptr<engine::Source>> tested_sources() {
  auto sources = make_all_sources();
  if (const char* only = std::getenv("ENGAGEMENT_TESTED_SOURCE")) {
    std::erase_if(sources, [&](const auto& source) { return source->name() != only; });
    INFO("ENGAGEMENT_TESTED_SOURCE=" << only);
    REQUIRE(sources.size() == 1);
  }
  return sources;
}

const Subject& subject_of(std::string_view source) {
  static const std::vector<Subject> subjects = {clevertap_subject(), kustomer_subject(), sprinklr_subject()};
  for (const Subject& subject : subjects) {
    if (subject.source == source) return subject;
  }
  FAIL("tests/conformance/subjects.cpp has no row for " << source);
  return subjects.front();
}

}  // namespace engagement::test
