#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/stream.hpp"
#include "sources/kustomer/search/search_reader.hpp"

namespace engagement::kustomer {

// What a search stream's rows become. One for each slice that is being read.
class RowConsumer {
 public:
  virtual ~RowConsumer() = default;
  // Delivers the fresh rows of the page, and has them written when it returns.
  virtual void page(const SearchPage& page, const std::stop_token& stop) = 0;
};

struct SearchStreamPlan {
  engine::StreamDescription description;
  SearchTarget target;
  bool has_archive = false;    // the archive search knows this context
  bool has_updates = true;     // rows change, so a full refresh reads once more what changed while it ran
  std::string_view past_note;  // logged once where the start date lies before what the search has; may be empty
  std::shared_ptr<const RoleCaller> caller;
  // The contexts that part this one, and so each tick of it; may be empty.
  std::function<std::vector<std::string>(engine::Context&, const std::stop_token&)> narrower_contexts;
  std::function<std::unique_ptr<RowConsumer>(engine::StreamContext&)> consumer;
};

// A stream that is read by searches, window by window. `config` is copied.
std::unique_ptr<engine::Stream> make_search_stream(SearchStreamPlan plan, const Config& config);

// A consumer that writes the rows themselves in the layout of the configuration. `cursor` is the delivered name of the
// target's time of change.
std::unique_ptr<RowConsumer> make_row_writer(Layout layout, const SearchTarget& target, const std::string& cursor,
                                             engine::StreamContext& context);

}  // namespace engagement::kustomer
