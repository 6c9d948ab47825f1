#include "sources/clevertap/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace engagement::clevertap {

namespace {
constexpr std::size_t kMostThreads = 32;  // with more tasks than that each thread does several
}

void side_by_side(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::vector<std::exception_ptr> failures(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) {
      try {
        task(index);
      } catch (...) {
        failures[index] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> threads;
  try {
    for (std::size_t thread = 0; thread < std::min(count, kMostThreads); ++thread) threads.emplace_back(work);
  } catch (const std::system_error&) {
    if (threads.empty()) work();  // no more threads than there are
  }
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace engagement::clevertap
