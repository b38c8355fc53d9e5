/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-select.h"

#include <math.h>
#include <string.h>

/* Merges two sorted runs that follow each other. */
static void
merge (const double *runs, unsigned middle, unsigned end, double *merged)
{
  unsigned left = 0, right = middle;

  for (unsigned i = 0; i < end; i++)
    if (left < middle && (right >= end || runs[left] <= runs[right]))
      merged[i] = runs[left++];
    else
      merged[i] = runs[right++];
}

/* @spare: room for @n more. */
static void
sort (double *values, unsigned n, double *spare)
{
  for (unsigned width = 1; width < n; width *= 2)
    {
      for (unsigned i = 0; i < n; i += 2 * width)
        {
          unsigned left = n - i;
          merge (values + i, width < left ? width : left, 2 * width < left ? 2 * width : left,
                 spare + i);
        }
      memcpy (values, spare, n * sizeof *values);
    }
}

/* The lowest point that @needed intervals cover, given the sorted ends of all @m. False when there
 * is none. */
static bool
lowest_covered (const double *lows, const double *highs, unsigned m, unsigned needed, double *point)
{
  unsigned begun = 0, ended = 0;

  while (begun < m)
    if (lows[begun] <= highs[ended])
      {
        if (++begun - ended >= needed)
          {
            *point = lows[begun - 1];
            return true;
          }
      }
    else
      ended++;
  return false;
}

static double
highest_covered (const double *lows, const double *highs, unsigned m, unsigned needed)
{
  unsigned begun = 0, ended = 0; /* walking downwards */

  while (begun < m && begun - ended < needed)
    if (highs[m - 1 - begun] >= lows[m - 1 - ended])
      begun++;
    else
      ended++;
  return highs[m - begun];
}

static bool
agrees (const NtpCandidate *candidate, double low, double high)
{
  double offset = candidate->offset_s, distance = candidate->distance_s;

  return (offset >= low && offset <= high)
         || (offset - distance <= low && offset + distance >= high);
}

/* The ends of the intervals of those that vote, each list sorted. */
static void
collect_ends (const NtpCandidate *candidates, unsigned n, double *lows, double *highs, unsigned m,
              double *spare)
{
  unsigned filled = 0;

  for (unsigned i = 0; i < n; i++)
    if (candidates[i].votes)
      {
        lows[filled] = candidates[i].offset_s - candidates[i].distance_s;
        highs[filled++] = candidates[i].offset_s + candidates[i].distance_s;
      }
  sort (lows, m, spare);
  sort (highs, m, spare);
}

static unsigned
count_outside (const NtpCandidate *candidates, unsigned n, double low, double high)
{
  unsigned count = 0;

  for (unsigned i = 0; i < n; i++)
    if (candidates[i].votes && (candidates[i].offset_s < low || candidates[i].offset_s > high))
      count++;
  return count;
}

static void
reach_all_offsets (const NtpCandidate *candidates, unsigned n, NtpSelectResult *result)
{
  for (unsigned i = 0; i < n; i++)
    if (candidates[i].votes)
      {
        result->low_s = fmin (result->low_s, candidates[i].offset_s);
        result->high_s = fmax (result->high_s, candidates[i].offset_s);
      }
}

/* RFC 5905 §11.2.1: the smallest number of liars f, less than half, for which all but f intervals
 * overlap, and at most f offsets lie outside of where they do. False when there is no majority. */
static bool
find_intersection (const NtpCandidate *candidates, unsigned n, unsigned m, double *scratch,
                   NtpSelectResult *result)
{
  double *lows = scratch, *highs = scratch + m;

  collect_ends (candidates, n, lows, highs, m, scratch + 2 * m);
  for (unsigned liars = 0; 2 * liars < m; liars++)
    {
      if (!lowest_covered (lows, highs, m, m - liars, &result->low_s))
        continue;
      result->high_s = highest_covered (lows, highs, m, m - liars);
      if (count_outside (candidates, n, result->low_s, result->high_s) <= liars)
        return true;
    }
  if (!lowest_covered (lows, highs, m, m, &result->low_s))
    return false;
  result->high_s = highest_covered (lows, highs, m, m);
  reach_all_offsets (candidates, n, result);
  return true;
}

unsigned
ntp_select_count_different (double *numbers, unsigned n, double *spare)
{
  unsigned different = 0;

  sort (numbers, n, spare);
  for (unsigned i = 0; i < n; i++)
    if (i == 0 || numbers[i] > numbers[i - 1])
      different++;
  return different;
}

static void
count_agreeing (const NtpCandidate *candidates, unsigned n, double *scratch,
                NtpSelectResult *result)
{
  for (unsigned i = 0; i < n; i++)
    if (candidates[i].votes && agrees (&candidates[i], result->low_s, result->high_s))
      scratch[result->agreeing++] = candidates[i].operator_id;
  result->operators = ntp_select_count_different (scratch, result->agreeing, scratch + n);
}

static void
set_status (NtpCandidate *candidate, const NtpSelectResult *result)
{
  double offset = candidate->offset_s, distance = candidate->distance_s;

  candidate->reason = candidate->votes ? NTP_REASON_NONE : NTP_REASON_NOT_TRUSTED;
  candidate->selection = NTP_SELECTION_NOT_USED;
  if (result->agreeing == 0)
    {
      if (!candidate->votes)
        return;
      candidate->selection = NTP_SELECTION_OUTLIER;
      candidate->reason = NTP_REASON_NO_QUORUM;
    }
  else if (agrees (candidate, result->low_s, result->high_s))
    {
      if (candidate->votes)
        candidate->selection = NTP_SELECTION_CANDIDATE;
      if (candidate->votes && !result->quorum)
        candidate->reason = NTP_REASON_NO_QUORUM;
    }
  else if (offset + distance >= result->low_s && offset - distance <= result->high_s)
    candidate->selection = NTP_SELECTION_OUTLIER;
  else
    {
      candidate->selection = NTP_SELECTION_FALSETICKER;
      candidate->reason = NTP_REASON_FALSETICKER;
    }
}

static void
find_peer (NtpCandidate *candidates, unsigned n, NtpSelectResult *result)
{
  result->settled = true;
  for (unsigned i = 0; i < n; i++)
    {
      if (candidates[i].selection != NTP_SELECTION_CANDIDATE)
        continue;
      result->settled = result->settled && candidates[i].settled;
      if (result->peer < 0 || candidates[i].distance_s < candidates[result->peer].distance_s)
        result->peer = (int) i;
    }
  if (result->quorum && result->peer >= 0)
    candidates[result->peer].selection = NTP_SELECTION_SYSTEM_PEER;
}

NtpQuorum
ntp_select_quorum (const NtpOptions *options, unsigned voters, unsigned operators,
                   unsigned authentic)
{
  NtpQuorum quorum = { .sources = options->minimum_sources,
                       .majority = authentic,
                       .operators = options->minimum_operators };

  if (quorum.sources > voters)
    quorum.sources = voters / 2 + 1;
  if (quorum.sources == 0)
    quorum.sources = 1;
  if (quorum.operators > operators)
    quorum.operators = operators;
  return quorum;
}

void
ntp_select (NtpCandidate *candidates, unsigned n, const NtpQuorum *quorum, double *scratch,
            NtpSelectResult *result)
{
  *result = (NtpSelectResult){ .peer = -1 };
  for (unsigned i = 0; i < n; i++)
    if (candidates[i].votes)
      result->voting++;

  if (result->voting > 0 && find_intersection (candidates, n, result->voting, scratch, result))
    {
      count_agreeing (candidates, n, scratch, result);
      result->quorum = result->agreeing >= quorum->sources
                       && 2 * result->agreeing > quorum->majority
                       && result->operators >= quorum->operators;
    }
  for (unsigned i = 0; i < n; i++)
    set_status (&candidates[i], result);
  find_peer (candidates, n, result);
}
