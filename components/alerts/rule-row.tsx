'use client'

import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { Switch } from '#components/ui/switch.tsx'
import type { Rule } from '#lib/alerts/schema.ts'
import type { RuleDialogState } from './alert-board.tsx'
import { conditionText, valueText } from './kind-words.ts'
import { useRuleChange } from './use-rule-change.ts'

interface RowProps {
  rule: Rule
  now: number
  onOpen: (dialog: RuleDialogState) => void
}

/** One rule: what it watches, how it stands, and what can be done with it. */
export function RuleRow({ rule, now, onOpen }: RowProps) {
  const { name, enabled, missing, last_fired_at: fired } = rule
  const change = useRuleChange(rule)
  const isMuted = rule.muted_until !== null && Date.parse(rule.muted_until) > now
  return (
    <div
      data-rule={name}
      className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          <StateBadge rule={rule} />
          {isMuted && <Badge>muted</Badge>}
        </h3>
        <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">
          {conditionText(rule.condition)}
        </p>
        {missing.length > 0 && (
          <p className="mt-0.5 text-rubric text-sm">
            Its {missing.join(' and ')} is gone: it watches nothing.
          </p>
        )}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs" data-volatile>
          {rule.evaluated_at !== null && <span>Now {valueText(rule.condition.kind, rule.last_value)}</span>}
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
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Switch
          isOn={enabled}
          aria-label={`${name} is on`}
          onChange={(isOn) => void change({ enabled: isOn })}
        />
        <Button
          aria-label={`${isMuted ? 'Unmute' : 'Mute for a day'}: ${name}`}
          onPress={() => void change({ muted_until: isMuted ? null : inOneDay() })}
        >
          {isMuted ? 'Unmute' : 'Mute for a day'}
        </Button>
        <Button aria-label={`Change ${name}`} onPress={() => onOpen({ kind: 'edit', rule })}>
          Change
        </Button>
        <Button aria-label={`Delete ${name}`} onPress={() => onOpen({ kind: 'delete', rule })}>
          Delete
        </Button>
      </div>
    </div>
  )
}

const DAY_MS = 86_400_000

function inOneDay(): string {
  return new Date(Date.now() + DAY_MS).toISOString()
}

function StateBadge({ rule: { enabled, state } }: { rule: Rule }) {
  if (!enabled) return <Badge>off</Badge>
  if (state === 'firing') return <Badge tone="rubric">firing</Badge>
  return state === 'pending' ? <Badge tone="lapis">pending</Badge> : null
}
