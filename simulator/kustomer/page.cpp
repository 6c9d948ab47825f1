#include "simulator/kustomer/page.hpp"

#include <fmt/format.h>

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kWorthCompressing = 1'000;

std::uint64_t last_page(const Page& page) {
  return std::max<std::uint64_t>((page.total + page.paging.size - 1) / page.paging.size, 1);
}

ordered_json link(const Page& page, std::uint64_t number) {
  return fmt::format("{}?page={}&pageSize={}{}", page.path, number, page.paging.size, page.more_query);
}

ordered_json links_of(const Page& page) {
  ordered_json links = {{"self", link(page, page.paging.page)},
                        {"first", link(page, 1)},
                        {"prev", page.paging.page > 1 ? link(page, page.paging.page - 1) : nullptr}};
  if (!page.omit_next) links["next"] = page.next ? link(page, *page.next) : nullptr;
  if (page.is_search) links["last"] = link(page, last_page(page));
  return links;
}

ordered_json meta_of(const Page& page) {
  ordered_json meta = {{"pageSize", page.paging.size}, {"page", page.paging.page}};
  if (page.shows_total) {
    meta["total"] = page.total;
    meta["totalPages"] = last_page(page);
  }
  if (page.is_search) {
    meta["aggregations"] = ordered_json::object();
    meta["timed_out"] = page.timed_out;
  }
  return meta;
}

std::string head_of(const Page& page) {
  const std::string links = page.omit_links ? "" : fmt::format(R"("links":{},)", links_of(page).dump());
  return fmt::format(R"({{"meta":{},{}"data":[)", meta_of(page).dump(), links);
}

std::string tail_of(const Page& page) {
  return page.included.is_null() ? "]}" : fmt::format(R"(],"included":{}}})", page.included.dump());
}

}  // namespace

PageParts to_parts(const Page& page, const RecordText& text, PageText& cache, bool deflated) {
  PageParts parts{head_of(page), {}, tail_of(page)};
  if (page.rows.empty()) return parts;
  if (!page.ids_only) {
    parts.blobs = cache.blobs(page.kind, page.rows, deflated);
  } else {
    parts.blobs.push_back(std::make_shared<const Blob>([&text, kind = page.kind, rows = page.rows] {
      std::string out;
      for (const Row& row : rows) {
        if (!out.empty()) out += ',';
        text.put_identity(out, kind, row);
      }
      return out;
    }));
  }
  return parts;
}

LaidOut lay_out(const Page& page, std::vector<std::string> records) {
  return {head_of(page), std::move(records), tail_of(page)};
}

LaidOut lay_out(const Page& page, const RecordText& text) {
  std::vector<std::string> records;
  for (const Row& row : page.rows) {
    std::string& record = records.emplace_back();
    if (page.ids_only) {
      text.put_identity(record, page.kind, row);
    } else {
      text.put_record(record, page.kind, row);
    }
  }
  return lay_out(page, std::move(records));
}

Reply parts_reply(const PageParts& parts, bool gzip) {
  Reply reply;
  if (gzip) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.headers.emplace_back("Vary", "Accept-Encoding");
  }
  reply.body = gzip ? parts.gzipped() : parts.plain();
  return reply;
}

Reply json_reply(std::string text, bool gzip) {
  const bool compress = gzip && text.size() >= kWorthCompressing;
  const auto blob = std::make_shared<const Blob>([text = std::move(text)] { return text; });
  return parts_reply({"", {blob}, ""}, compress);
}

}  // namespace engagement::simulator::kustomer
