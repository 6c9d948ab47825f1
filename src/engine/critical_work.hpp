#pragma once

#include <atomic>

namespace engagement::engine {

// Counts what a stop must not cut off, because what it brings cannot be had a second time. Thread safe.
class CriticalWork {
 public:
  // As long as it lives, its work is in progress. `work` may be nullptr.
  class Guard {
   public:
    explicit Guard(CriticalWork* work) : work_(work) {
      if (work_ != nullptr) ++work_->count_;
    }
    ~Guard() {
      if (work_ != nullptr) --work_->count_;
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    CriticalWork* work_;
  };

  bool in_progress() const { return count_ > 0; }

 private:
  std::atomic<int> count_ = 0;
};

}  // namespace engagement::engine
