#include "core/graph/draw.h"

#include <catch2/catch.hpp>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

// Two ways into a join, an `otherwise`, a step of its own at the end.
Flow small_flow() {
  FlowBuilder b("reminder");
  b.flow().start = {{"payment.failed", {}}};
  b.flow().goal = {{"payment.succeeded", {}}};
  b.flow().purpose = Purpose::recovery;
  b.flow().expire = days(7);
  FetchStep profile;
  profile.from = "crm";
  SendStep mail = send("email", "email");
  mail.tries = 2;
  b.add("profile", profile);
  b.add("mail", mail, on("profile.found"));
  b.add("last", send("sms", "sms"), any({on("profile.missing"), on("mail.otherwise")}));
  b.add("note", RecordStep{"result", {}}, all({on("profile"), on("mail.opted_out")}));
  b.add("tell", RecordStep{"end", {}}, ended({RunEnd::expired, RunEnd::stopped}));
  return b.build();
}

std::string from(const std::string& text, std::string_view mark) {
  const size_t at = text.find(mark);
  return at == std::string::npos ? "" : text.substr(at);
}

size_t count(const std::string& text, std::string_view part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("the text drawing is a tree in which every step stands once in full") {
  CHECK(draw(small_flow(), DrawAs::text) == R"(reminder
recovery flow, at most 7 d; goal: payment.succeeded

payment.failed (starts the run)
└─ profile: fetch crm
   ├─ found → mail: send email, 2 tries
   │  ├─ otherwise: delivered, failed, denied, late, bounced → last: send sms
   │  └─ opted_out → note: record result (waits for all)
   ├─ missing → last ↑
   └─ note ↑

expired or stopped (the run ended)
└─ tell: record end
)");
}

TEST_CASE("the Mermaid drawing names looks and labels arrows") {
  const std::string text = draw(small_flow(), DrawAs::mermaid);
  CHECK(text.substr(0, text.find("  classDef")) == R"(flowchart TD
  n0("payment.failed<br>starts the run"):::start
  n1("profile<br>fetch crm"):::connect
  n2("mail<br>send email, 2 tries"):::reach
  n3("last<br>send sms"):::reach
  n4("note<br>all: record result"):::note
  n5("tell<br>record end"):::note
  n6("expired or stopped<br>the run ended"):::start
  n0 --> n1
  n1 -->|"found"| n2
  n1 -->|"missing"| n3
  n1 --> n4
  n2 -->|"otherwise: delivered,<br>failed, denied, late,<br>bounced"| n3
  n2 -->|"opted_out"| n4
  n6 --> n5
)");
  CHECK(count(text, "classDef") == 9);
}

TEST_CASE("the DOT drawing has a box a step and an arrow a pair of steps") {
  const std::string text = draw(small_flow(), DrawAs::dot);
  CHECK(text.starts_with("digraph \"reminder\" {\n"));
  CHECK(from(text, "  n3 [") ==
        R"(  n3 [label="last\nsend sms", fillcolor="#dcedfc", color="#2f7fc4"];
  n4 [label="note\nall: record result", fillcolor="#f1ece4", color="#8a7761"];
  n5 [label="tell\nrecord end", fillcolor="#f1ece4", color="#8a7761"];
  n6 [label="expired or stopped\nthe run ended", fillcolor="#eef1f4", color="#8c959f"];
  n0 -> n1;
  n1 -> n2 [label="found"];
  n1 -> n3 [label="missing"];
  n1 -> n4;
  n2 -> n3 [label="otherwise: delivered,\nfailed, denied, late,\nbounced"];
  n2 -> n4 [label="opted_out"];
  n6 -> n5;
}
)");
}

TEST_CASE("the SVG stands alone and is the same every time") {
  FlowBuilder b("one");
  b.add("stop", StopStep{"a < b & c"});
  const std::string text = draw(b.build(), DrawAs::svg);
  CHECK(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""));
  CHECK(from(text, "<rect class=\"start\"") ==
        R"(<rect class="start" x="3" y="0" width="116" height="44" rx="22"/>
<text x="61" y="18" class="title" text-anchor="middle">start</text>
<text x="61" y="35" class="sub" text-anchor="middle">starts the run</text>
<rect class="stop" x="0" y="92" width="123" height="44" rx="7"/>
<text x="61" y="110" class="title" text-anchor="middle">stop</text>
<text x="61" y="127" class="sub" text-anchor="middle">stop: a &lt; b &amp; c</text>
</g>
</svg>
)");
  CHECK(draw(payment_recovery(), DrawAs::svg) == draw(payment_recovery(), DrawAs::svg));
}

TEST_CASE("the SVG has every step, every arrow and every word") {
  const std::string text = draw(payment_recovery(), DrawAs::svg);
  for (const Step& step : payment_recovery().steps) {
    INFO(step.name);
    CHECK(count(text, "class=\"title\" text-anchor=\"middle\">" + step.name + "<") == 1);
  }
  CHECK(count(text, "<path class=\"way\"") == 16);
  CHECK(count(text, "otherwise:") == 2);
  CHECK(count(text, "wrong_person") == 1);
}
