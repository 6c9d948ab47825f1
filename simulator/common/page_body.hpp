#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simulator/common/blob_cache.hpp"

namespace engagement::simulator {

// A piece of a reply's body; shared, so that a large one is never copied.
using Piece = std::shared_ptr<const std::string>;

Piece make_piece(std::string text);

// head + blob + tail, where only the blob is large. `head` and `tail` hold at most 65 535 bytes.
struct PageBody {
  std::string head;
  std::shared_ptr<const Blob> blob;  // may be null
  std::string tail;

  std::vector<Piece> plain() const;
  // The same as one gzip member.
  std::vector<Piece> gzipped() const;
};

}  // namespace engagement::simulator
