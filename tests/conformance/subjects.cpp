#include "conformance/subjects.hpp"

#include "support/catch.hpp"

namespace engagement::test {

const Subject& subject_of(std::string_view source) {
  static const std::vector<Subject> subjects = {clevertap_subject(), kustomer_subject(), sprinklr_subject()};
  for (const Subject& subject : subjects) {
    if (subject.source == source) return subject;
  }
  FAIL("tests/conformance/subjects.cpp has no row for " << source);
  return subjects.front();
}

}  // namespace engagement::test
