#include "simulator/kustomer/page_text.hpp"

#include <algorithm>

#include "simulator/common/gzip.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::kustomer {

namespace {

constexpr std::uint64_t kGroup = 32;

// Whether a row may stand in a group with the one before it.
bool is_near(const Row& one, const Row& other) {
  if (one.revision != 0 || other.revision != 0) return one.revision != 0 && other.revision != 0;
  return one.number / kGroup == other.number / kGroup;
}

}  // namespace

std::vector<Piece> PageParts::plain() const {
  static const Piece comma = make_piece(",");
  std::vector<Piece> pieces{make_piece(head)};
  for (std::size_t at = 0; at < blobs.size(); ++at) {
    if (at > 0) pieces.push_back(comma);
    pieces.emplace_back(blobs[at], &blobs[at]->plain());
  }
  pieces.push_back(make_piece(tail));
  return pieces;
}

std::vector<Piece> PageParts::gzipped() const {
  static const Piece comma = make_piece(stored_block(",", false));
  std::uint32_t crc = continue_crc32(0, head);
  std::size_t size = head.size() + tail.size();
  std::vector<Piece> pieces{make_piece(std::string(kGzipHeader) + stored_block(head, false))};
  for (std::size_t at = 0; at < blobs.size(); ++at) {
    if (at > 0) {
      pieces.push_back(comma);
      crc = continue_crc32(crc, ",");
      ++size;
    }
    crc = blobs[at]->crc32_after(crc);
    size += blobs[at]->plain().size();
    pieces.emplace_back(blobs[at], &blobs[at]->deflated());
  }
  crc = continue_crc32(crc, tail);
  pieces.push_back(make_piece(stored_block(tail, true) + gzip_trailer(crc, size)));
  return pieces;
}

std::shared_ptr<const Blob> PageText::blob(Kind kind, std::vector<Row> rows, bool deflated) {
  const bool keep = rows.front().revision == 0;
  // A group is known by its numbers, in their order.
  std::string key;
  if (keep) {
    put(key, static_cast<int>(kind), ':', rows.front().number / kGroup, ':');
    for (const Row& row : rows) key += static_cast<char>('0' + row.number % kGroup);
  }
  auto render = [this, kind, rows = std::move(rows)] {
    std::string out;
    for (const Row& row : rows) {
      if (!out.empty()) out += ',';
      text_.put_record(out, kind, row);
    }
    return out;
  };
  if (!keep) return std::make_shared<const Blob>(std::move(render));
  return cache_.get(key, deflated, render);
}

std::vector<std::shared_ptr<const Blob>> PageText::blobs(Kind kind, const std::vector<Row>& rows, bool deflated) {
  std::vector<std::shared_ptr<const Blob>> found;
  for (auto begin = rows.begin(); begin != rows.end();) {
    const auto end =
        std::adjacent_find(begin, rows.end(), [](const Row& one, const Row& other) { return !is_near(one, other); });
    const auto next = end == rows.end() ? end : std::next(end);
    found.push_back(blob(kind, {begin, next}, deflated));
    begin = next;
  }
  return found;
}

}  // namespace engagement::simulator::kustomer
