#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace engagement::cli {

// SIGTERM and SIGINT as a stop request. Create it before any other thread: it blocks the signals for the whole process
// and waits for them in a thread of its own. The commands then have five seconds to end tidily; what still hangs then
// (a reader of stdout that no longer reads) is cut off.
class Signals {
 public:
  explicit Signals(std::stop_source stop);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Ends the process as the received signal would have, if one was received: a shell sees 143 or 130. Returns
  // otherwise.
  void die_of_received();

 private:
  void watch();

  std::stop_source stop_;
  std::atomic<int> received_ = 0;
  std::atomic<bool> done_ = false;
  sigset_t watched_;
  std::thread watcher_;
};

}  // namespace engagement::cli
