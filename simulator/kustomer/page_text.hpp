#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simulator/common/blob_cache.hpp"
#include "simulator/common/page_body.hpp"
#include "simulator/kustomer/record_text.hpp"

namespace engagement::simulator::kustomer {

// Blobs of records, joined by commas between `head` and `tail`.
struct PageParts {
  std::string head;
  std::vector<std::shared_ptr<const Blob>> blobs;
  std::string tail;

  std::vector<Piece> plain() const;
  // The same as one gzip member. `head` and `tail` hold at most 65 535 bytes.
  std::vector<Piece> gzipped() const;
};

// The text of rows, from memory where it was rendered before. Rows are kept in groups by their number, not by page, so
// that pages with other bounds share them. Thread safe.
class PageText {
 public:
  PageText(const RecordText& text, std::size_t cache_bytes) : text_(text), cache_(cache_bytes) {}

  // REQUIRES rows. `deflated` asks for the compressed form to be there too.
  std::vector<std::shared_ptr<const Blob>> blobs(Kind kind, const std::vector<Row>& rows, bool deflated);

 private:
  std::shared_ptr<const Blob> blob(Kind kind, std::vector<Row> rows, bool deflated);

  const RecordText& text_;
  BlobCache cache_;
};

}  // namespace engagement::simulator::kustomer
