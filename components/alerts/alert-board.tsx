'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { BellPlus } from 'lucide-react'
import { useState } from 'react'
import { useNews } from '#components/changes/use-news.ts'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { AlertEventPage, Rule } from '#lib/alerts/schema.ts'
import { AlertHistory } from './alert-history.tsx'
import { ALERTS, rulesQuery } from './queries.ts'
import { RuleRow } from './rule-row.tsx'

const RuleDialog = dialogPart(
  async () => (await import('./rule-dialog.tsx')).RuleDialog,
  ({ onClose }) => onClose(),
)
const DeleteRuleDialog = dialogPart(
  async () => (await import('./delete-rule-dialog.tsx')).DeleteRuleDialog,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type RuleDialogState = { kind: 'new' } | { kind: 'edit' | 'delete'; rule: Rule }

const NEWS_REST_MS = 2000

/** The rules that watch, and what they fired. */
export function AlertBoard({
  first,
  history,
  hasMail,
  readAt,
}: {
  first: Rule[]
  history: AlertEventPage
  hasMail: boolean
  readAt: number
}) {
  const queries = useQueryClient()
  const [dialog, open] = useState<RuleDialogState>()
  const create = () => open({ kind: 'new' })
  const rules = useQuery({ ...rulesQuery, initialData: first, initialDataUpdatedAt: readAt }).data
  useNews('alerts', () => queries.invalidateQueries({ queryKey: ALERTS }), NEWS_REST_MS)
  useActions([
    { id: 'alerts.new', name: 'New alert', group: 'Alerts', run: create, words: 'rule watch notify' },
  ])
  return (
    <section aria-labelledby="alerts">
      <SectionHead
        id="alerts"
        title="Alerts"
        action={
          <Button look="primary" onPress={create}>
            <BellPlus aria-hidden="true" />
            New alert
          </Button>
        }
      >
        A rule watches uses, costs or labels, and tells the bell, webhooks and members. Test it on the past
        before you switch it on.
      </SectionHead>
      <RuleList rules={rules} readAt={readAt} open={open} onCreate={create} />
      <AlertHistory first={history} readAt={readAt} />
      {dialog?.kind === 'delete' && <DeleteRuleDialog rule={dialog.rule} onClose={() => open(undefined)} />}
      {dialog && dialog.kind !== 'delete' && (
        <RuleDialog
          rule={dialog.kind === 'edit' ? dialog.rule : undefined}
          hasMail={hasMail}
          onClose={() => open(undefined)}
        />
      )}
    </section>
  )
}

function RuleList({
  rules,
  readAt,
  open,
  onCreate,
}: {
  rules: readonly Rule[]
  readAt: number
  open: (dialog: RuleDialogState) => void
  onCreate: () => void
}) {
  const now = useNow(readAt)
  if (rules.length === 0)
    return (
      <EmptyState
        title="Nobody watches yet"
        action={
          <Button look="primary" onPress={onCreate}>
            Make an alert
          </Button>
        }
      >
        <p>Begin with failed uses: a rule that fires when more than 5 % of an hour’s uses fail.</p>
      </EmptyState>
    )
  return (
    <ul className="divide-y divide-line border-line border-b">
      {rules.map((rule) => (
        <li key={rule.id}>
          <RuleRow rule={rule} now={now} onOpen={open} />
        </li>
      ))}
    </ul>
  )
}
