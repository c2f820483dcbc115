'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { BellPlus } from 'lucide-react'
import { useState } from 'react'
import { Board } from '#components/board/board.tsx'
import { DeleteDialog } from '#components/board/delete-dialog.tsx'
import { useNews } from '#components/changes/use-news.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { AlertEventPage, Rule } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { AlertHistory } from './alert-history.tsx'
import { ALERTS, rulesQuery } from './queries.ts'
import { RuleRow } from './rule-row.tsx'

const RuleDialog = dialogPart(
  async () => (await import('./rule-dialog.tsx')).RuleDialog,
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
  const now = useNow(readAt)
  const close = () => open(undefined)
  const rules = useQuery({ ...rulesQuery, initialData: first, initialDataUpdatedAt: readAt }).data
  useNews('alerts', () => queries.invalidateQueries({ queryKey: ALERTS }), NEWS_REST_MS)
  return (
    <Board
      id="alerts"
      title="Alerts"
      about="A rule watches uses, costs or labels, and tells the bell, webhooks and members. Test it on the past before you switch it on."
      make={{
        name: 'New alert',
        sign: BellPlus,
        words: 'rule watch notify',
        run: () => open({ kind: 'new' }),
      }}
      nothing={{
        title: 'Nobody watches yet',
        text: 'Begin with failed uses: a rule that fires when more than 5 % of an hour’s uses fail.',
        action: 'Make an alert',
      }}
      items={rules}
      renderRow={(rule) => <RuleRow rule={rule} now={now} onOpen={open} />}
    >
      <AlertHistory first={history} readAt={readAt} />
      {dialog?.kind === 'new' && <RuleDialog hasMail={hasMail} onClose={close} />}
      {dialog?.kind === 'edit' && <RuleDialog rule={dialog.rule} hasMail={hasMail} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteRule rule={dialog.rule} onClose={close} />}
    </Board>
  )
}

function DeleteRule({ rule: { id, name, etag }, onClose }: { rule: Rule; onClose: () => void }) {
  return (
    <DeleteDialog
      name={name}
      list={ALERTS}
      onDelete={() => call('DELETE /api/alerts/{id}', { params: { id }, ifMatch: etag })}
      onClose={onClose}
    >
      It watches no more. What it fired stays in the history.
    </DeleteDialog>
  )
}
