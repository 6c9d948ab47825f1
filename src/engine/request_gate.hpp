#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

namespace engagement::engine {

// How many requests one account may have in flight. Shared by all streams of the process; shrinks when the vendor says
// that there are too many (other tools of the same customer count too) and grows back one by one. Thread safe.
class RequestGate {
 public:
  explicit RequestGate(std::size_t limit) : most_(limit), limit_(limit) {}

  // Held for the time of one request.
  class Pass {
   public:
    explicit Pass(RequestGate& gate) : gate_(gate) {}
    ~Pass() { gate_.leave(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    RequestGate& gate_;
  };

  // Waits for a free place. Throws Stopped.
  Pass enter(const std::stop_token& stop);

  void too_many();
  void went_well();
  std::size_t limit() const;

 private:
  static constexpr std::size_t kGrowAfter = 50;  // answers without a refusal

  void leave();

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable_any freed_;
  std::size_t limit_;
  std::size_t in_flight_ = 0;
  std::size_t good_answers_ = 0;
};

}  // namespace engagement::engine
