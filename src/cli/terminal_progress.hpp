#pragma once

#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.hpp"
#include "engine/stream_context.hpp"

namespace engagement::cli {

// What a person sees on stderr while streams are read: a line for each, redrawn in place once a second, and a summary
// at the end. Does nothing where stderr is no terminal.
class TerminalProgress {
 public:
  TerminalProgress(std::vector<const engine::StreamContext*> streams, Clock& clock);
  ~TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  // Stops drawing and prints the summary.
  void summarise();

 private:
  void redraw_every_second();
  void draw();
  std::string line_for(const engine::StreamContext& stream) const;

  std::vector<const engine::StreamContext*> streams_;
  Clock& clock_;
  SteadyTime began_;
  bool drawn_ = false;
  std::stop_source stop_;
  std::thread painter_;
};

}  // namespace engagement::cli
