/* relance.generate/1: understanding and content. The only place where a model may speak.
 *
 * An answer is journaled and never asked for again for the same touch: what a model says once is a
 * fact from then on, and a repeat sends the same bytes.
 *
 *   RL_UNDERSTAND  which of the expected words does an utterance mean?
 *                  in:  text, language, expect; input {"heard": "words" | "keys", "step", "script"}
 *                  out: {"word": "no_funds", "answers": {"amount": "20"}, "confidence": 0.9}
 *                       word "" = not understood. `expect` holds the script's words, in its order,
 *                       and those understood at any turn (wants_human, opted_out, ...) behind them.
 *   RL_CONTENT     write a message
 *                  in:  text (the template, filled in, or a brief), language; input
 *                       {"facts": {...}, "channel": "email", "template": beside a brief}
 *                  out: {"parts": [{"role": "text", "content_type": "text/plain", "text": "."}]}
 *                       and "fallback": why the template itself is the answer, where it is */
#ifndef RELANCE_GENERATE_H
#define RELANCE_GENERATE_H

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RL_GENERATE "relance.generate/1"

enum { RL_UNDERSTAND = 1, RL_CONTENT = 2 }; /* rl_question.kind; joined in rl_generate.kinds */

typedef struct rl_question {
  uint32_t struct_size;
  uint32_t kind;
  rl_str text;
  rl_str language; /* BCP 47 */
  const rl_str* expect;
  size_t expect_count;
  uint32_t expect_own; /* so many of `expect`, from the first, are the script's own words */
  uint32_t answer_ms;  /* an answer later than this comes too late; 0 = no hurry */
  rl_str input;        /* JSON */
} rl_question;

typedef struct rl_generate {
  uint32_t struct_size;
  uint32_t kinds;
  const char* const* languages;
  size_t languages_count; /* BCP 47; none = any */
  /* [instance] Once per turn or touch. DONE with the answer as data; FAILED = no answer, the turn
   * counts as not understood. */
  void (*produce)(void* self, rl_op op, const rl_question* question);
} rl_generate;

#ifdef __cplusplus
}
#endif
#endif
