'use client'

import { AppWindow, Bot, ChevronRight, KeyRound, UserRound } from 'lucide-react'
import { useId, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { AuditEvent } from '#lib/audit/schema.ts'
import { actionWords, targetName } from './action-words.ts'
import type { ChangeFilters } from './filters.ts'

const AuditDetails = dialogPart(
  async () => (await import('./audit-details.tsx')).AuditDetails,
  ({ onClose }) => onClose(),
)

const ICONS: Readonly<Partial<Record<string, typeof UserRound>>> = {
  person: UserRound,
  key: KeyRound,
  client: AppWindow,
}

/** One event in a line; it opens to what changed. */
export function AuditRow({
  event,
  now,
  onChange,
}: {
  event: AuditEvent
  now: number
  onChange: ChangeFilters
}) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const { actor, on_behalf_of: person, action, occurred_at: at, address } = event
  const Icon = ICONS[actor.kind] ?? Bot
  const isRefused = action === 'session.refuse'
  return (
    <article data-audit={action} className="group relative">
      <div className="relative -mx-3 flex items-start gap-2.5 rounded-md px-3 py-2 hover:bg-sunken">
        <Icon aria-hidden="true" className="mt-1 size-4 shrink-0 text-ink-faint" />
        <h3 className="min-w-0 flex-1 text-sm leading-6">
          <button
            type="button"
            data-row-link={event.id}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
            className="stretched rounded text-left outline-offset-2 [overflow-wrap:anywhere]"
          >
            <span className="font-medium">{actor.display}</span>
            {person && <span className="text-ink-faint"> for {person.display}</span>}{' '}
            <span className={isRefused ? 'text-rubric' : 'text-ink-soft'}>{actionWords(event)}</span>{' '}
            {targetName(event)}
          </button>
        </h3>
        <span className="shrink-0 text-right text-ink-faint text-xs leading-6 sm:flex sm:gap-4">
          <span className="max-sm:hidden">{address}</span>
          <time dateTime={at} title={formatMoment(at)} className="block sm:w-28">
            {formatAgo(at, now)}
          </time>
        </span>
        <ChevronRight
          aria-hidden="true"
          className={classNames('mt-1 size-4 shrink-0 text-ink-faint', isOpen && 'rotate-90')}
        />
      </div>
      {isOpen && (
        <div id={id}>
          <AuditDetails event={event} onChange={onChange} onClose={() => setOpen(false)} />
        </div>
      )}
    </article>
  )
}
