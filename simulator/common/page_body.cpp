#include "simulator/common/page_body.hpp"

#include "simulator/common/gzip.hpp"

namespace engagement::simulator {

Piece make_piece(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::vector<Piece> PageBody::plain() const {
  if (!blob) return {make_piece(head + tail)};
  return {make_piece(head), Piece(blob, &blob->plain()), make_piece(tail)};
}

std::vector<Piece> PageBody::gzipped() const {
  std::uint32_t crc = continue_crc32(0, head);
  std::size_t size = head.size() + tail.size();
  std::vector<Piece> pieces{make_piece(std::string(kGzipHeader) + stored_block(head, false))};
  if (blob) {
    crc = blob->crc32_after(crc);
    size += blob->plain().size();
    pieces.emplace_back(blob, &blob->deflated());
  }
  crc = continue_crc32(crc, tail);
  pieces.push_back(make_piece(stored_block(tail, true) + gzip_trailer(crc, size)));
  return pieces;
}

}  // namespace engagement::simulator
