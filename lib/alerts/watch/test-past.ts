import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { inSlices } from '../../pacing.ts'
import { detailOf, type EventDetail, summaryOf } from '../event-text.ts'
import type { Condition, Preview } from '../schema.ts'
import type { StoredCondition } from '../stored-condition.ts'
import { readFigures } from './figures-of-condition.ts'
import { judge, type Observation } from './judge.ts'
import { momentsBetween, paceOf } from './moments.ts'
import { CALM, walk } from './standing.ts'

/** Most events that a test tells one by one. */
const TOLD_MAX = 100

export interface Asked {
  condition: Condition
  stored: StoredCondition
  from: number
  to: number
}

/** What a rule would have done between two moments: the evaluation of live rules, at the end of each hour. */
export async function testPast(actor: Actor, asked: Asked): Promise<Preview> {
  if (asked.stored.kind === 'label_moved') return testMoves(actor, asked)
  const { condition, stored, from, to } = asked
  const moments = momentsBetween(from, to, paceOf(stored))
  const figures = await readFigures(actor, stored, moments)
  const observations: Observation[] = []
  const pause = inSlices()
  for (const at of moments) {
    observations.push(judge(stored, figures, at))
    await pause()
  }
  const { firings } = walk(CALM, observations, stored)
  const { threshold } = stored
  return {
    ...spanAnswer(asked),
    fired: firings.length,
    events: firings
      .toReversed()
      .slice(0, TOLD_MAX)
      .map(({ fired, resolved }) => ({
        fired_at: textOf(fired.at),
        resolved_at: resolved === undefined ? null : textOf(resolved.at),
        value: fired.value,
        summary: summaryOf({
          kind: stored.kind,
          rule_name: '',
          value: fired.value,
          threshold,
          detail: { ...detailOf(condition), ...fired.detail },
        }),
      })),
    points: observations.map(({ at, value }) => ({ time: textOf(at), value })),
  }
}

const MOVES = `SELECT e.occurred_at AS at, p.name AS prompt, e.label, e.from_version, e.to_version, a.display AS actor,
    count(*) OVER ()::integer AS total
  FROM label_event e JOIN prompt_template p ON p.workspace_id = e.workspace_id AND p.id = e.prompt_id
  JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
  LEFT JOIN label_rule r ON r.workspace_id = e.workspace_id AND r.label = e.label
  WHERE e.workspace_id = $1::uuid AND e.occurred_at > $2::timestamptz AND e.occurred_at <= $3::timestamptz
    AND ($4::uuid IS NULL OR e.prompt_id = $4) AND ($5::uuid IS NULL OR p.category_id = $5)
    AND CASE WHEN $6::text IS NULL THEN e.label = 'production' OR coalesce(r.protected, false) ELSE e.label = $6 END
  ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${TOLD_MAX}`

type MoveRow = EventDetail & { at: Date; total: number }

/** Labels that moved; those count as protected that are it today. */
async function testMoves(actor: Actor, asked: Asked): Promise<Preview> {
  const { prompt_id = null, category_id = null, label = null } = asked.stored
  const values = [actor.workspaceId, new Date(asked.from), new Date(asked.to), prompt_id, category_id, label]
  const { rows } = await readReplica(actor, (pool) => pool.query<MoveRow>(MOVES, values))
  return {
    ...spanAnswer(asked),
    fired: rows[0]?.total ?? 0,
    events: rows.map(({ at, total: _total, ...detail }) => ({
      fired_at: at.toISOString(),
      resolved_at: at.toISOString(),
      value: null,
      summary: summaryOf({ kind: 'label_moved', rule_name: '', value: null, threshold: null, detail }),
    })),
    points: [],
  }
}

function spanAnswer({ from, to }: Asked): { from: string; to: string } {
  return { from: textOf(from), to: textOf(to) }
}

function textOf(time: number): string {
  return new Date(time).toISOString()
}
