'use client'

import { BoardRow } from '#components/board/board-row.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import type { PatchRuleInput, Rule } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { RuleDialogState } from './alert-board.tsx'
import { conditionText, valueText } from './kind-words.ts'
import { ALERTS } from './queries.ts'

interface RowProps {
  rule: Rule
  now: number
  onOpen: (dialog: RuleDialogState) => void
}

/** One rule: what it watches, how it stands, and what can be done with it. */
export function RuleRow({ rule, now, onOpen }: RowProps) {
  const { id, etag, name, enabled, missing } = rule
  const attempt = useAttempt(ALERTS)
  const change = (body: PatchRuleInput) =>
    void attempt(
      () => call('PATCH /api/alerts/{id}', { params: { id }, ifMatch: etag, body }),
      `“${name}” was not changed.`,
    )
  const isMuted = rule.muted_until !== null && Date.parse(rule.muted_until) > now
  return (
    <BoardRow
      kind="rule"
      name={name}
      isOn={enabled}
      badges={
        <>
          {enabled && <StateBadge state={rule.state} />}
          {isMuted && <Badge>muted</Badge>}
        </>
      }
      buttons={
        <Button
          aria-label={`${isMuted ? 'Unmute' : 'Mute for a day'}: ${name}`}
          onPress={() => change({ muted_until: isMuted ? null : inOneDay() })}
        >
          {isMuted ? 'Unmute' : 'Mute for a day'}
        </Button>
      }
      onSwitch={(isOn) => change({ enabled: isOn })}
      asks={['edit', 'delete']}
      onAsk={(kind) => onOpen({ kind, rule })}
    >
      <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">{conditionText(rule.condition)}</p>
      {missing.length > 0 && (
        <p className="mt-0.5 text-rubric text-sm">Its {missing.join(' and ')} is gone: it watches nothing.</p>
      )}
      <Facts rule={rule} now={now} />
    </BoardRow>
  )
}

function Facts({ rule, now }: Pick<RowProps, 'rule' | 'now'>) {
  const { evaluated_at: evaluated, condition, last_value: value, last_fired_at: fired } = rule
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs" data-volatile>
      {evaluated !== null && <span>Now {valueText(condition.kind, value)}</span>}
      <span>
        {fired === null ? (
          'Never fired'
        ) : (
          <time dateTime={fired} title={formatMoment(fired)}>
            Fired {formatAgo(fired, now)}
          </time>
        )}
      </span>
    </p>
  )
}

const DAY_MS = 86_400_000

function inOneDay(): string {
  return new Date(Date.now() + DAY_MS).toISOString()
}

function StateBadge({ state }: { state: Rule['state'] }) {
  if (state === 'firing') return <Badge tone="rubric">firing</Badge>
  return state === 'pending' ? <Badge tone="lapis">pending</Badge> : null
}
