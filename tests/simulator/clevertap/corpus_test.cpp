#include "simulator/clevertap/corpus.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "simulator/clevertap/project.hpp"
#include "support/catch.hpp"

namespace engagement::simulator::clevertap {
namespace {

Options small_options(std::uint64_t records = 20'000) {
  Options options;
  options.records = records;
  options.events = {{"Charged", 3}, {"Order Cancel / Fail", 1}};
  options.first_day = day_from_number(20260105).value();
  options.last_day = options.today = day_from_number(20260118).value();
  return options;
}

std::string text_of(const Project& project, std::size_t event, int day, std::uint64_t index) {
  std::string text;
  const Row row = project.corpus().row(event, day_from_number(day).value(), index);
  project.event_text().put_record(text, row, Flags{});
  return text;
}

TEST_CASE("A row is the same whatever was asked before it") {
  const Project once(small_options()), again(small_options());
  const std::string last = text_of(once, 1, 20260110, 40);
  for (std::uint64_t index = 0; index < 100; ++index) text_of(again, 0, 20260106, index);
  CHECK(text_of(again, 1, 20260110, 40) == last);
}

TEST_CASE("Another seed, event, day or index is another row") {
  Options options = small_options();
  const Project project(options);
  options.seed = 2;
  const Project other(options);
  const std::string row = text_of(project, 0, 20260110, 40);
  CHECK(text_of(other, 0, 20260110, 40) != row);
  CHECK(text_of(project, 1, 20260110, 40) != row);
  CHECK(text_of(project, 0, 20260111, 40) != row);
  CHECK(text_of(project, 0, 20260110, 43) != row);
}

TEST_CASE("The days of all events add up to the number of records") {
  for (const std::uint64_t records : {0U, 1U, 13U, 20'000U, 10'000'019U}) {
    const Corpus corpus(small_options(records));
    std::uint64_t sum = 0;
    for (std::size_t event = 0; event < corpus.events(); ++event) {
      for (Day day = corpus.first_day(); day <= corpus.last_day(); day += std::chrono::days(1)) {
        sum += corpus.rows(event, day);
      }
    }
    CHECK(sum == records);
  }
}

TEST_CASE("Days outside of the corpus have no rows") {
  const Corpus corpus(small_options());
  CHECK(corpus.rows(0, corpus.first_day() - std::chrono::days(1)) == 0);
  CHECK(corpus.rows(0, corpus.last_day() + std::chrono::days(1)) == 0);
}

TEST_CASE("About the stated share of rows repeats another of its day, to the byte") {
  const Project project(small_options());
  std::size_t rows = 0, repeated = 0;
  for (Day day = project.corpus().first_day(); day <= project.corpus().last_day(); day += std::chrono::days(1)) {
    std::set<std::string> texts;
    std::size_t firsts = 0;
    for (std::uint64_t index = 0; index < project.corpus().rows(0, day); ++index, ++rows) {
      texts.insert(text_of(project, 0, day_to_number(day), index));
      project.corpus().is_first(0, day, index) ? ++firsts : ++repeated;
    }
    CHECK(texts.size() == firsts);
  }
  CHECK(repeated > rows * 6 / 1'000);
  CHECK(repeated < rows * 10 / 1'000);
}

TEST_CASE("Identical rows stand on both sides of a default page's edge") {
  const Project project(small_options());
  const auto spans = project.spans(0, project.corpus().first_day(), project.corpus().last_day());
  const auto text_at = [&](std::uint64_t position) {
    std::string text;
    project.event_text().put_record(text, row_at(project.corpus(), spans, position), Flags{});
    return text;
  };
  CHECK(text_at(4'990) == text_at(4'991));
  CHECK(text_at(2 * 4'991 - 1) == text_at(2 * 4'991));
}

TEST_CASE("Every event's text is legal JSON that says when it was and has what the flags ask for") {
  const Project project(small_options());
  for (std::uint64_t index = 0; index < 500; ++index) {
    const bool full = index % 2 == 0;
    const Row row = project.corpus().row(0, day_from_number(20260110).value(), index);
    std::string text;
    project.event_text().put_record(text, row, full ? Flags{} : Flags{false, false, false});
    const auto record = nlohmann::json::parse(text);
    REQUIRE(record.at("ts").get<std::int64_t>() / 1'000'000 == 20260110);
    REQUIRE(record.at("ts").get<std::int64_t>() % 100 == row.time_of_day.count() % 60);
    REQUIRE(record.at("profile").contains("objectId"));
    REQUIRE(record.at("profile").contains("profileData") == full);
    REQUIRE(record.at("profile").contains("events") == full);
    REQUIRE(record.at("profile").contains("os_version") == full);
    REQUIRE(record.at("event_props").contains("Items"));
    REQUIRE(record.at("session_props").is_object());
  }
}

TEST_CASE("People are anonymous, have one or several devices, and the same key has several types") {
  const Project project(small_options());
  std::set<std::string> phone_types, points_types, identities;
  std::size_t anonymous = 0, several_devices = 0;
  for (Person person = 0; person < 500; ++person) {
    std::string text;
    project.people_text().put_record(text, person, Flags{});
    const auto record = nlohmann::json::parse(text);
    if (record.contains("identity")) identities.insert(record.at("identity").get<std::string>());
    if (!record.contains("identity")) ++anonymous;
    if (record.at("platformInfo").size() > 1) ++several_devices;
    if (record.contains("phone")) phone_types.insert(record.at("phone").type_name());
    points_types.insert(std::string(record.at("profileData").at("points").type_name()) +
                        (record.at("profileData").at("points").is_number_float() ? " with a point" : ""));
  }
  CHECK(anonymous > 50);
  CHECK(several_devices > 50);
  CHECK(identities.size() == 500 - anonymous);
  CHECK(phone_types.size() == 2);
  CHECK(points_types.size() == 3);
}

TEST_CASE("Events come to about the size that was asked for") {
  Options options = small_options();
  for (const std::uint64_t bytes : {780U, 1'400U, 4'000U}) {
    options.record_bytes = bytes;
    const Project project(options);
    std::string text;
    for (std::uint64_t index = 0; index < 1'000; ++index) {
      const Row row = project.corpus().row(index % 2, project.corpus().last_day(), index);
      project.event_text().put_record(text, row, Flags{true, false, true});
    }
    CHECK(text.size() / 1'000 > bytes * 92 / 100);
    CHECK(text.size() / 1'000 < bytes * 108 / 100);
  }
}

TEST_CASE("What arrives late is in the truth of its day and in no other") {
  Project project(small_options());
  const Day day = day_from_number(20260110).value();
  const Truth before = project.truth(0, day, day), other = project.truth(1, day, day);
  project.arrive(0, day, 7);
  CHECK(project.truth(0, day, day).events == before.events + 7);
  CHECK(project.truth(1, day, day).events == other.events);
}

TEST_CASE("Days after today are not visible until they come") {
  Project project(small_options());
  const Day first = project.corpus().first_day(), last = project.corpus().last_day();
  project.set_today(first);
  CHECK(project.truth(0, first, last).events == project.corpus().rows(0, first));
  project.set_today(last);
  CHECK(project.truth(std::nullopt, first, last).events == 20'000);
}

}  // namespace
}  // namespace engagement::simulator::clevertap
