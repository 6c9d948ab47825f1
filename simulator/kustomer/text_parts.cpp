#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

enum : std::uint64_t { kPartCommonSalt = 0xC0330, kPartRelationSalt };

constexpr std::string_view kWords[] = {"order",   "after",  "parcel", "of",     "the",    "refund", "offer",  "page",
                                       "waiting", "basket", "with",   "coupon", "in",     "agent",  "from",   "return",
                                       "retry",   "second", "café",   "saved",  "choice", "plan",   "colour", "blue",
                                       "size",    "gift",   "größe",  "first",  "email",  "member", "points", "sale"};
constexpr std::string_view kPhrases[] = {R"(Where is my \"parcel\"?)",       R"(Line one\nline two\ttabbed)",
                                         "Rückgabe — bitte prüfen",          "注文はどこですか",
                                         R"(caf\u00e9 \u2615 \ud83d\ude00)", "👩‍👩‍👧 family plan",
                                         R"(C:\\temp\\file.txt \/ 50 %)",    "مرحبا، أين طلبي؟"};

void put_user(const RowText& text, std::string_view name, Draw& draw) {
  put(text.out, ",\"", name, R"(":{"data":{"type":"user","id":")");
  put_drawn_id(text.out, text.organisation, Kind::kUser, draw);
  text.out += R"("}})";
}

std::string_view path_of(Kind kind) {
  const std::string_view path = info(kind).list_path;
  if (!path.empty()) return path;
  return kind == Kind::kWorkItem ? "routing/work-items" : kind == Kind::kKobject ? "klasses" : "conversations/times";
}

}  // namespace

void put_time_member(std::string& out, std::string_view name, SystemTime time) {
  put(out, '"', name, "\":");
  put_time(out, time);
}

void put_common_attributes(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kPartCommonSalt);
  out += ',';
  put_time_member(out, "createdAt", text.row.created);
  out += ',';
  put_time_member(out, "updatedAt", text.row.updated);
  out += ',';
  put_time_member(out, "modifiedAt", text.organisation.modified(text.kind, text.row));
  if (const auto imported = text.organisation.imported(text.kind, text.row)) {
    out += ',';
    put_time_member(out, "importedAt", *imported);
  }
  put(out, R"(,"rev":)", 1 + draw.below(40) + text.row.revision);
  if (draw.one_in(3)) put(out, R"(,"externalId":"ext-)", text.row.number, '"');
  // Both become external_id for who writes names with underscores.
  if (draw.one_in(9)) put(out, R"(,"externalID":"EXT/)", text.row.number, R"(","external_id":)", text.row.number);
  if (text.row.deleted) {
    put(out, R"(,"deleted":true,)");
    put_time_member(out, "deletedAt", text.row.updated);
  } else if (text.kind != Kind::kConversation) {
    out += R"(,"deleted":false)";
  }
}

void put_drawn_id(std::string& out, const Organisation& organisation, Kind kind, Draw& draw) {
  const std::uint64_t rows = organisation.table(kind).timeline().rows();
  const std::uint64_t number = draw.next();
  out += rows == 0 ? std::string(24, '0') : organisation.id(kind, number % rows);
}

void put_relationship(const RowText& text, std::string_view name, Kind to, bool comma) {
  std::string& out = text.out;
  const auto number = text.organisation.reference(text.kind, text.row, to);
  put(out, comma ? ",\"" : "\"", name, R"(":{"data":)");
  if (!number) {
    out += "null}";
    return;
  }
  const std::string id = text.organisation.id(to, *number);
  put(out, R"({"type":")", info(to).type, R"(","id":")", id, R"("},"links":{"self":"/v1/)", path_of(to), '/', id,
      R"("}})");
}

void put_common_relationships(const RowText& text, bool first) {
  Draw draw = text.draw(kPartRelationSalt);
  // The vendor leaves the organisation's id out of custom objects.
  const std::string_view id = text.kind == Kind::kKobject ? "" : R"(,"id":"59775dcda751900011ff4687")";
  put(text.out, first ? "" : ",", R"("org":{"data":{"type":"org")", id,
      R"(},"links":{"self":"/v1/orgs/59775dcda751900011ff4687"}})");
  put_user(text, "createdBy", draw);
  if (draw.one_in(8)) {
    text.out += R"(,"modifiedBy":{"data":null})";
  } else {
    put_user(text, "modifiedBy", draw);
  }
}

void put_links(const RowText& text) {
  put(text.out, R"(,"links":{"self":"/v1/)", path_of(text.kind), '/');
  text.organisation.put_id(text.out, text.kind, text.row);
  text.out += R"("}})";
}

void put_words(std::string& out, Draw& draw, std::size_t bytes) {
  const std::size_t end = out.size() + bytes;
  while (out.size() < end) put(out, draw.pick(kWords), ' ');
}

std::string_view odd_phrase(Draw& draw) { return draw.pick(kPhrases); }

}  // namespace engagement::simulator::kustomer
