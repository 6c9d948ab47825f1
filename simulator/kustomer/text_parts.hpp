#pragma once

#include <string>

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"
#include "simulator/kustomer/record_text.hpp"

namespace engagement::simulator::kustomer {

// One row on its way to being text.
struct RowText {
  std::string& out;
  const Organisation& organisation;
  Kind kind;
  const Row& row;
  std::uint64_t padding = 0;

  // Values that follow from the row and the salt alone.
  Draw draw(std::uint64_t salt) const { return Draw(mix(organisation.key(kind, row.number), salt)); }
};

// `"name":` and a time; with `comma` before it.
void put_time_member(std::string& out, std::string_view name, SystemTime time);
// `,"name":` and what follows from the row, its kind's members apart: externalId, createdAt, updatedAt, modifiedAt,
// importedAt, deleted.
void put_common_attributes(const RowText& text);
// `"id"` of a row of that kind, drawn; and without quotes.
void put_drawn_id(std::string& out, const Organisation& organisation, Kind kind, Draw& draw);
// `"name":{"data":{"type","id"},"links":{"self"}}`, or data null.
void put_relationship(const RowText& text, std::string_view name, Kind to, bool comma = true);
// org, createdBy, modifiedBy, and the closing of record and relationships.
void put_common_relationships(const RowText& text, bool first);
// The record's end.
void put_links(const RowText& text);
// Words, until the text has so many bytes; none need an escape, some are no ASCII.
void put_words(std::string& out, Draw& draw, std::size_t bytes);
// Quotes, escapes, emoji and signs of other scripts, as a JSON string's inside.
std::string_view odd_phrase(Draw& draw);

// The kinds that are searched, each in a file of its own.
void put_conversation(const RowText& text);
void put_customer(const RowText& text);
void put_message(const RowText& text);
void put_note(const RowText& text);
void put_company(const RowText& text);
void put_kobject(const RowText& text);
void put_conversation_time(const RowText& text);
void put_work_item(const RowText& text);
void put_work_session(const RowText& text);

// All the others, which are few: attributes and relationships (and nothing else) of one.
nlohmann::ordered_json small_resource(const Organisation& organisation, Kind kind, const Row& row);

}  // namespace engagement::simulator::kustomer
