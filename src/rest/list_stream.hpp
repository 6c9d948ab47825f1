#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "engine/stream.hpp"
#include "rest/record_writer.hpp"

namespace engagement::rest {

// What a ListStream is made of; a source builds it from a row of its table. What it points to outlives the stream.
struct ListPlan {
  engine::StreamDescription description;
  std::string what;  // for messages: "GET /v1/users"
  const Caller* caller = nullptr;
  PageShape shape;
  PageJudge judge;
  std::function<std::unique_ptr<PageSequence>()> pages;  // a new one for each sync
  std::function<std::unique_ptr<RecordMaker>(engine::StreamContext& context)> records;
  // Where a record's time of change stands, as the vendor sends it ("attributes.updatedAt", RFC 3339). With a cursor in
  // the description an incremental sync delivers what changed since the last one began; the vendor is asked for
  // everything all the same. A record without that time is always delivered.
  std::string changed_path;
  std::chrono::milliseconds lookback{0};
  // Nothing that changed before is delivered; 1970: no such bound. The state names it: one of a later start is of no
  // use.
  SystemTime start{};
};

// A stream whose every sync reads one list from its first page to its last. The list may change while it is read; its
// state is no later than the moment at which the reading began.
std::unique_ptr<engine::Stream> make_list_stream(ListPlan plan);

}  // namespace engagement::rest
