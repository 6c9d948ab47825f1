#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace engagement {

// Replaces secrets by "****" in text that a person or a log will see. Knows each secret as it is, percent-encoded
// (upper- and lower-case hex, `+` for a blank too), base64-encoded (standard and URL alphabet, at each of the three
// alignments inside a longer text) and JSON-escaped. The longest match wins, so a secret that contains another leaves
// nothing behind. The beginning of one, eight bytes or more, is replaced too: texts are cut before they come here.
// Values shorter than three characters are not secrets. Thread safe; secrets can be added at any time.
class Redactor {
 public:
  void add_secret(std::string_view secret);

  std::string redact(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> needles_;  // longest first, unique
};

}  // namespace engagement
