#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

#include "engine/critical_work.hpp"

namespace engagement::cli {

// SIGTERM and SIGINT as a stop request; so is a reader of stdout that goes away, which a read that waits for its vendor
// would otherwise not notice. Create it before any other thread: it blocks the signals for the whole process
// and waits for them in a thread of its own. The commands then have five seconds to end tidily; what still hangs then
// (a reader of stdout that no longer reads) is cut off. While critical work is in progress they have 25 seconds, and
// after it four: Kubernetes kills after 30.
class Signals {
 public:
  // `critical_work` outlives it.
  Signals(std::stop_source stop, const engine::CriticalWork& critical_work);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Ends the process as the received signal would have, if one was received: a shell sees 143 or 130. Returns
  // otherwise.
  void die_of_received();

 private:
  void watch();
  bool ends_tidily() const;

  std::stop_source stop_;
  const engine::CriticalWork& critical_work_;
  std::atomic<int> received_ = 0;
  std::atomic<bool> done_ = false;
  sigset_t watched_;
  std::thread watcher_;
};

}  // namespace engagement::cli
