#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace engagement::test {

// Sets or removes one environment variable and puts the old value back. REQUIRES: no other thread reads the environment
// at the moment of a change.
class ScopedEnvironment {
 public:
  ScopedEnvironment(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    change(value);
  }
  ~ScopedEnvironment() { change(old_); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  void change(const std::optional<std::string>& value) {
    if (value) {
      setenv(name_, value->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace engagement::test
