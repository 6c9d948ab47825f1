#pragma once

#include <stop_token>
#include <thread>

namespace engagement::simulator {

// Turns SIGTERM and SIGINT into a stop token. To be made before any other thread of the process, as threads inherit
// which signals they take.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  std::stop_token stop_token() const { return source_.get_token(); }
  // Returns when one of them has come.
  void wait();

 private:
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace engagement::simulator
