/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-select.h"

#include <glib.h>

#define MOST 256

typedef struct
{
  NtpCandidate candidates[MOST];
  guint n;
  NtpSelectResult result;
} Selection;

/* Of an operator of its own. Times in milliseconds. */
static void
add (Selection *s, double offset_ms, double distance_ms)
{
  s->candidates[s->n] = (NtpCandidate){ .offset_s = offset_ms / 1000,
                                        .distance_s = distance_ms / 1000,
                                        .operator_id = s->n + 1,
                                        .votes = true,
                                        .settled = true };
  s->n++;
}

static void
run (Selection *s, guint sources, guint majority, guint operators)
{
  NtpQuorum quorum = { sources, majority, operators };
  double scratch[3 * MOST];

  ntp_select (s->candidates, s->n, &quorum, scratch, &s->result);
}

static void
test_all_agree (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 10);
  add (&s, 3, 8);
  add (&s, -2, 20);
  run (&s, 3, 3, 2);
  g_assert_true (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, 3);
  g_assert_cmpuint (s.result.operators, ==, 3);
  g_assert_cmpfloat_with_epsilon (s.result.low_s, -0.005, 1e-12);
  g_assert_cmpfloat_with_epsilon (s.result.high_s, 0.010, 1e-12);
  g_assert_cmpint (s.result.peer, ==, 1);
  g_assert_cmpint (s.candidates[1].selection, ==, NTP_SELECTION_SYSTEM_PEER);
  g_assert_cmpint (s.candidates[0].selection, ==, NTP_SELECTION_CANDIDATE);
  g_assert_cmpint (s.candidates[0].reason, ==, NTP_REASON_NONE);
}

/* m liars of 2 m + 1 are found, wherever they stand in the list. */
static void
test_minority_lies (void)
{
  for (guint m = 1; m <= 4; m++)
    for (guint first = 0; first <= m + 1; first++)
      {
        Selection s = { .n = 0 };
        for (guint i = 0; i < 2 * m + 1; i++)
          add (&s, i >= first && i < first + m ? 5000 : 0.5 * i, 10);
        run (&s, m + 1, 2 * m + 1, 1);
        g_assert_true (s.result.quorum);
        g_assert_cmpuint (s.result.agreeing, ==, m + 1);
        g_assert_cmpfloat (s.result.high_s, <, 0.1);
        for (guint i = 0; i < s.n; i++)
          if (i >= first && i < first + m)
            {
              g_assert_cmpint (s.candidates[i].selection, ==, NTP_SELECTION_FALSETICKER);
              g_assert_cmpint (s.candidates[i].reason, ==, NTP_REASON_FALSETICKER);
            }
          else
            g_assert_cmpint (s.candidates[i].selection, >=, NTP_SELECTION_CANDIDATE);
      }
}

/* Smeared and plain, or two gangs: nobody can tell. */
static void
test_half_and_half (void)
{
  for (guint m = 1; m <= 4; m++)
    {
      Selection s = { .n = 0 };
      for (guint i = 0; i < 2 * m; i++)
        add (&s, i % 2 == 0 ? 0 : 500, 10);
      run (&s, 1, 1, 1);
      g_assert_false (s.result.quorum);
      g_assert_cmpuint (s.result.agreeing, ==, 0);
      g_assert_cmpint (s.result.peer, ==, -1);
      for (guint i = 0; i < s.n; i++)
        g_assert_cmpint (s.candidates[i].reason, ==, NTP_REASON_NO_QUORUM);
    }
}

static void
test_all_differ (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 1);
  add (&s, 100, 1);
  add (&s, 200, 1);
  run (&s, 1, 1, 1);
  g_assert_false (s.result.quorum);
}

/* A server across the room and one across the ocean say the same. */
static void
test_near_and_far (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 0.3);
  add (&s, 4, 60);
  run (&s, 2, 2, 2);
  g_assert_true (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, 2);
  g_assert_cmpfloat_with_epsilon (s.result.low_s, -0.0003, 1e-12);
  g_assert_cmpfloat_with_epsilon (s.result.high_s, 0.004, 1e-12);

  /* And a third that is nearly useless does not disturb them. */
  add (&s, 1, 1);
  s.candidates[1].offset_s = 0.030;
  run (&s, 3, 3, 3);
  g_assert_true (s.result.quorum);
  g_assert_cmpfloat (s.result.high_s, <=, 0.002);
}

/* Who claims a time that honest servers only just allow drags nobody there. */
static void
test_edge (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 10);
  add (&s, 1, 10);
  add (&s, 2, 10);
  add (&s, 19, 10);
  run (&s, 3, 4, 2);
  g_assert_true (s.result.quorum);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (s.candidates[i].selection, >=, NTP_SELECTION_CANDIDATE);
  g_assert_cmpint (s.candidates[3].selection, ==, NTP_SELECTION_OUTLIER);
  g_assert_cmpfloat_with_epsilon (s.result.low_s, -0.008, 1e-12);
  g_assert_cmpfloat_with_epsilon (s.result.high_s, 0.011, 1e-12);

  s.candidates[3].offset_s = 0.0095; /* and very sure of itself */
  s.candidates[3].distance_s = 0.0025;
  run (&s, 3, 4, 2);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (s.candidates[i].selection, >=, NTP_SELECTION_CANDIDATE);
  g_assert_cmpfloat (s.result.low_s, <=, 0);
}

/* Overlapping a little is not agreeing, and not lying either. */
static void
test_outlier (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 10);
  add (&s, 1, 10);
  add (&s, 2, 10);
  add (&s, 19, 10);
  add (&s, -100, 10);
  run (&s, 3, 5, 2);
  g_assert_true (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, 3);
  g_assert_cmpint (s.candidates[3].selection, ==, NTP_SELECTION_OUTLIER);
  g_assert_cmpint (s.candidates[3].reason, ==, NTP_REASON_NONE);
  g_assert_cmpint (s.candidates[4].selection, ==, NTP_SELECTION_FALSETICKER);
}

static void
test_absolute_quorum (void)
{
  Selection s = { .n = 0 };

  add (&s, 0, 10);
  add (&s, 0, 10);
  run (&s, 3, 2, 1); /* too few */
  g_assert_false (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, 2);
  g_assert_cmpint (s.candidates[0].selection, ==, NTP_SELECTION_CANDIDATE);
  g_assert_cmpint (s.candidates[0].reason, ==, NTP_REASON_NO_QUORUM);
  run (&s, 2, 4, 1); /* two more that were authentic are silent now */
  g_assert_false (s.result.quorum);
  run (&s, 2, 3, 1);
  g_assert_true (s.result.quorum);
  run (&s, 2, 3, 3); /* of two operators only */
  g_assert_false (s.result.quorum);
}

static void
test_same_operator (void)
{
  Selection s = { .n = 0 };

  for (guint i = 0; i < 5; i++)
    add (&s, i < 3 ? 700 : 0, 10);
  s.candidates[1].operator_id = s.candidates[2].operator_id = s.candidates[0].operator_id;
  run (&s, 3, 5, 2);
  g_assert_false (s.result.quorum);
  g_assert_cmpuint (s.result.operators, ==, 1);
}

static void
test_without_vote (void)
{
  Selection s = { .n = 0 };

  for (guint i = 0; i < 5; i++)
    add (&s, i < 3 ? 0 : 700, 10);
  for (guint i = 2; i < 5; i++)
    s.candidates[i].votes = false;
  run (&s, 2, 2, 2);
  g_assert_true (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, 2);
  g_assert_cmpuint (s.result.voting, ==, 2);
  g_assert_cmpint (s.candidates[2].selection, ==, NTP_SELECTION_NOT_USED);
  g_assert_cmpint (s.candidates[2].reason, ==, NTP_REASON_NOT_TRUSTED);
  g_assert_cmpint (s.candidates[3].selection, ==, NTP_SELECTION_FALSETICKER);

  for (guint i = 0; i < 5; i++)
    s.candidates[i].votes = false;
  run (&s, 1, 0, 0);
  g_assert_false (s.result.quorum);
  g_assert_cmpint (s.candidates[0].reason, ==, NTP_REASON_NOT_TRUSTED);
}

static void
test_settled (void)
{
  Selection s = { .n = 0 };

  for (guint i = 0; i < 4; i++)
    add (&s, i < 3 ? 0 : 700, 10);
  s.candidates[3].settled = false; /* a liar's readiness does not matter */
  run (&s, 3, 4, 2);
  g_assert_true (s.result.settled);
  s.candidates[1].settled = false;
  run (&s, 3, 4, 2);
  g_assert_false (s.result.settled);
}

static void
test_nothing (void)
{
  Selection s = { .n = 0 };

  run (&s, 1, 0, 0);
  g_assert_false (s.result.quorum);
  g_assert_cmpint (s.result.peer, ==, -1);
}

static void
test_many (void)
{
  Selection s = { .n = 0 };

  for (guint i = 0; i < MOST; i++)
    add (&s, i % 2 == 0 || i < 4 ? (i * 37) % 11 : 1000 + 50 * i, 30);
  run (&s, 3, MOST, 2);
  g_assert_true (s.result.quorum);
  g_assert_cmpuint (s.result.agreeing, ==, MOST / 2 + 2);
  g_assert_cmpuint (s.result.operators, ==, MOST / 2 + 2);
}

static void
test_quorum (void)
{
  NtpOptions options = ntp_options_default;
  static const struct
  {
    guint voters, operators, sources, operators_needed;
  } cases[] = { { 0, 0, 1, 0 }, { 1, 1, 1, 1 }, { 2, 1, 2, 1 }, { 2, 2, 2, 2 },
                { 3, 3, 3, 2 }, { 4, 4, 3, 2 }, { 9, 1, 3, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NtpQuorum quorum = ntp_select_quorum (&options, cases[i].voters, cases[i].operators, 2);
      g_assert_cmpuint (quorum.sources, ==, cases[i].sources);
      g_assert_cmpuint (quorum.operators, ==, cases[i].operators_needed);
      g_assert_cmpuint (quorum.majority, ==, 2);
    }
  options.minimum_sources = 5;
  g_assert_cmpuint (ntp_select_quorum (&options, 4, 4, 0).sources, ==, 3);
  options.minimum_sources = 0;
  g_assert_cmpuint (ntp_select_quorum (&options, 4, 4, 0).sources, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-select/all-agree", test_all_agree);
  g_test_add_func ("/ntp-select/minority-lies", test_minority_lies);
  g_test_add_func ("/ntp-select/half-and-half", test_half_and_half);
  g_test_add_func ("/ntp-select/all-differ", test_all_differ);
  g_test_add_func ("/ntp-select/near-and-far-agree", test_near_and_far);
  g_test_add_func ("/ntp-select/edge-drags-nobody", test_edge);
  g_test_add_func ("/ntp-select/outlier-is-not-falseticker", test_outlier);
  g_test_add_func ("/ntp-select/absolute-quorum", test_absolute_quorum);
  g_test_add_func ("/ntp-select/one-operator-is-one-witness", test_same_operator);
  g_test_add_func ("/ntp-select/unauthenticated-has-no-vote", test_without_vote);
  g_test_add_func ("/ntp-select/settled-when-all-agreeing-are", test_settled);
  g_test_add_func ("/ntp-select/nothing", test_nothing);
  g_test_add_func ("/ntp-select/many", test_many);
  g_test_add_func ("/ntp-select/quorum-needed", test_quorum);
  return g_test_run ();
}
