#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulator/common/faults.hpp"
#include "simulator/kustomer/page_text.hpp"
#include "simulator/kustomer/query.hpp"

namespace engagement::simulator::kustomer {

// One page of a search or a list, before it is text.
struct Page {
  std::string path;        // "/v1/customers/search"
  std::string more_query;  // what its links carry besides page and pageSize: "&idsOnly=true"
  Kind kind = Kind::kConversation;
  std::vector<Row> rows;
  Paging paging;
  std::uint64_t total = 0;  // rows of all pages
  bool is_search = false;
  bool shows_total = true;
  bool ids_only = false;
  bool timed_out = false;
  bool omit_links = false;
  bool omit_next = false;             // links without the key
  bool is_open = false;               // a search without an upper bound
  std::optional<std::uint64_t> next;  // page that links.next leads to
  nlohmann::ordered_json included;    // null: none
};

// Its text; the rows come from memory where they can.
PageParts to_parts(const Page& page, const RecordText& text, PageText& cache, bool deflated);
// The same with each record alone, for who alters them.
struct LaidOut {
  std::string head;
  std::vector<std::string> records;
  std::string tail;
};
LaidOut lay_out(const Page& page, const RecordText& text);
// A page of other records than its rows.
LaidOut lay_out(const Page& page, std::vector<std::string> records);

// `parts` as a reply, compressed if that is wanted and worth it.
Reply parts_reply(const PageParts& parts, bool gzip);
Reply json_reply(std::string text, bool gzip);

}  // namespace engagement::simulator::kustomer
