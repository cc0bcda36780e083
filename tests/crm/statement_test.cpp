// Places in SQL, without a database.
#include "crm/sql/statement.h"

#include <catch2/catch.hpp>

using Names = std::vector<std::string>;

namespace {

sql::Statement parsed(const std::string& text) {
  std::string problem;
  sql::Statement made = sql::parse_statement(text, '$', problem);
  CHECK(problem.empty());
  return made;
}

std::string problem_of(const std::string& text) {
  std::string problem;
  sql::parse_statement(text, '?', problem);
  return problem;
}

}  // namespace

TEST_CASE("places are numbered, each name once, and dotted names are paths") {
  const sql::Statement made = parsed("SELECT :id, :data.a_1.b , :id.x, :id");
  CHECK(made.text == "SELECT $1, $2 , $3, $1");
  CHECK(made.names == Names{"id", "data.a_1.b", "id.x"});
  CHECK(made.names_path("id"));
  CHECK_FALSE(made.names_path("data"));
  CHECK(parsed("WHERE a=:id.").text == "WHERE a=$1.");
}

TEST_CASE("nothing in quotes, comments, casts and bodies is a place") {
  const std::string text =
      GENERATE(as<std::string>(), "SELECT ':id'", "SELECT 'it''s :id'", "SELECT \":id\"",
               "SELECT `:id`", "SELECT 1 -- :id", "SELECT /* :id */ 1", "SELECT x::id",
               "SELECT $$:id$$", "SELECT $tag$ $$:id$$ $tag$", "SELECT E'\\' :id'", "SELECT a[1:2]",
               "SELECT ':id", "SELECT /* :id", "SELECT '12:30:00'");
  const sql::Statement made = parsed(text);
  CHECK(made.text == text);
  CHECK(made.names.empty());
}

TEST_CASE("one statement, and it may end as statements do") {
  CHECK(problem_of("SELECT 1;").empty());
  CHECK(problem_of("SELECT 1; -- done\n ").empty());
  CHECK(problem_of("SELECT ';'").empty());
  CHECK(problem_of("SELECT 1; SELECT 2") == "more than one statement");
  CHECK(problem_of("SELECT 1;;") == "more than one statement");
  CHECK(problem_of("") == "it is empty");
  CHECK(problem_of(" ; ") == "it is empty");
}

TEST_CASE("any bytes are parsed to the end") {
  std::string text;
  for (int seed = 1; seed < 3000; ++seed) {
    text += ":'\"$-/*E\\;ab.1 "[static_cast<size_t>(seed * seed % 97) % 15];
    std::string problem;
    const sql::Statement made = sql::parse_statement(text, '$', problem);
    CHECK(made.names.size() <= text.size());
    if (text.size() > 60) text.erase(0, 7);
  }
}

TEST_CASE("a conflict has to name its columns") {
  CHECK(sql::claims_once("INSERT ... ON CONFLICT (key) DO NOTHING"));
  CHECK(sql::claims_once("insert ... on  conflict(key) do nothing"));
  CHECK_FALSE(sql::claims_once("INSERT ... ON CONFLICT DO NOTHING"));
}
