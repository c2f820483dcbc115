'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { UnifiedTable } from '#components/prompts/versions/diff-table.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { formatMoment } from '#components/ui/format.ts'
import type { AuditEvent } from '#lib/audit/schema.ts'
import { diffTexts } from '#lib/prompts/comparison/diff.ts'
import { targetHref } from './action-words.ts'
import { type ChangedField, changedFields, isShort } from './changed-fields.ts'
import type { AuditFilters, ChangeFilters } from './filters.ts'

/** Everything about one event: who and from where, and what was there before and after. */
export function AuditDetails({
  event,
  onChange,
}: {
  event: AuditEvent
  onChange: ChangeFilters
  onClose: () => void
}) {
  return (
    <div className="mb-3 ml-6.5 flex flex-col gap-4 border-line border-l-2 py-2 pl-4">
      <Facts event={event} onChange={onChange} />
      <Changes event={event} />
    </div>
  )
}

function Facts({ event, onChange }: { event: AuditEvent; onChange: ChangeFilters }) {
  const { actor, on_behalf_of: person, key, client, request_id: request } = event
  const narrow = (change: Partial<AuditFilters>, words: string) => (
    <Narrow onPress={() => onChange(change)}>{words}</Narrow>
  )
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 text-sm">
      <Fact name="When">{formatMoment(event.occurred_at)}</Fact>
      <Fact name="Action">
        <code className="font-mono text-xs">{event.action}</code>
      </Fact>
      <Fact name="Who">
        {actor.display} <span className="text-ink-faint">({actor.kind})</span>
        {narrow({ actor: actor.id }, 'Only this one')}
      </Fact>
      {person && (
        <Fact name="On behalf of">
          {person.display}
          {narrow({ on_behalf_of: person.id }, 'Only on this behalf')}
        </Fact>
      )}
      <Target target={event.target}>{narrow({ target: event.target.id }, 'Only this target')}</Target>
      {key !== null && <Fact name="By key">{narrow({ key }, 'Only by this key')}</Fact>}
      {client !== null && (
        <Fact name="By client">
          {client}
          {narrow({ client }, 'Only by this client')}
        </Fact>
      )}
      <From event={event} onChange={onChange} />
      {request !== null && (
        <Fact name="Request">
          <span className="inline-flex max-w-full items-center gap-1">
            <code className="min-w-0 break-all font-mono text-xs">{request}</code>
            <CopyButton name="Copy the request id" text={request} />
          </span>
        </Fact>
      )}
    </dl>
  )
}

function Narrow({ onPress, children }: { onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="ml-2 min-h-6 rounded text-lapis underline-offset-2 hover:underline"
    >
      {children}
    </button>
  )
}

function Target({ target, children }: { target: AuditEvent['target']; children: ReactNode }) {
  const href = targetHref(target)
  return (
    <Fact name="Target">
      {href === undefined ? (
        target.name
      ) : (
        <Link href={href} className="rounded text-lapis underline-offset-2 hover:underline">
          {target.name}
        </Link>
      )}{' '}
      <span className="text-ink-faint">({target.kind.replaceAll('_', ' ')})</span>
      {children}
    </Fact>
  )
}

function From({ event: { address, surface }, onChange }: { event: AuditEvent; onChange: ChangeFilters }) {
  const way = surface === null ? undefined : (SURFACES[surface] ?? surface)
  if (address === null) return way && <Fact name="Over">{way}</Fact>
  return (
    <Fact name="From">
      {address}
      {way && <span className="text-ink-faint"> over {way}</span>}
      <Narrow onPress={() => onChange({ address })}>Only from here</Narrow>
    </Fact>
  )
}

const SURFACES: Readonly<Partial<Record<string, string>>> = {
  browser: 'the workbench',
  rest: 'REST',
  mcp: 'MCP',
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint leading-6">{name}</dt>
      <dd className="min-w-0 leading-6 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}

function Changes({ event }: { event: AuditEvent }) {
  const fields = changedFields(event)
  if (fields.length === 0) return null
  const short = fields.filter(isShort)
  return (
    <>
      {short.length > 0 && (
        <table className="w-full max-w-3xl border-collapse text-sm">
          <thead>
            <tr className="border-line border-b text-left text-ink-faint text-xs">
              <th scope="col" className="w-1/4 py-1 pr-4 font-medium">
                Field
              </th>
              <th scope="col" className="py-1 pr-4 font-medium">
                Before
              </th>
              <th scope="col" className="py-1 font-medium">
                After
              </th>
            </tr>
          </thead>
          <tbody>
            {short.map(({ field, before, after }) => (
              <tr key={field} className="border-line border-b align-top">
                <th scope="row" className="py-1 pr-4 text-left font-normal [overflow-wrap:anywhere]">
                  {field.replaceAll('_', ' ')}
                </th>
                <Value text={before} className="bg-removed-mark" />
                <Value text={after} className="bg-added-mark" />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {fields
        .filter((field) => !isShort(field))
        .map((field) => (
          <LongChange key={field.field} change={field} />
        ))}
    </>
  )
}

function Value({ text, className }: { text: string | undefined; className: string }) {
  return (
    <td className="py-1 pr-4 [overflow-wrap:anywhere]">
      {text === undefined ? (
        <span className="text-ink-faint">–</span>
      ) : (
        <span className={`rounded-xs px-0.5 ${className}`}>{text}</span>
      )}
    </td>
  )
}

function LongChange({ change: { field, before = '', after = '' } }: { change: ChangedField }) {
  const lines = diffTexts(before, after).hunks.flatMap((hunk) => hunk.lines)
  return (
    <div className="max-w-4xl overflow-hidden rounded-lg border border-line bg-surface">
      <h4 className="border-line border-b px-4 py-1.5 font-medium text-sm">{field.replaceAll('_', ' ')}</h4>
      <div className="max-h-96 overflow-auto py-1">
        <UnifiedTable lines={lines} sides={{ older: 'before', newer: 'after' }} caption={field} />
      </div>
    </div>
  )
}
