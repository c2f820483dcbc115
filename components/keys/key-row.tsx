'use client'

import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatDay, formatMoment } from '#components/ui/format.ts'
import type { ApiKey } from '#lib/keys/schema.ts'
import type { KeyDialogState } from './key-board.tsx'
import { STATUS_WORDS, scopesText } from './key-words.ts'

interface KeyRowProps {
  apiKey: ApiKey
  isOwn: boolean
  /** Whether the reader manages the keys of others and of services. */
  isManaging: boolean
  now: number
  onOpen: (dialog: KeyDialogState) => void
}

/** One key: what it may do, when it was used, when it ends. */
export function KeyRow(props: KeyRowProps) {
  const { apiKey, onOpen } = props
  const { id, name, kind, prefix, label, status, scopes } = apiKey
  const state = STATUS_WORDS[status]
  return (
    <div data-key={name} className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <button
            type="button"
            data-row-link={id}
            onClick={() => onOpen({ kind: 'show', apiKey })}
            className="rounded text-left outline-offset-4 [overflow-wrap:anywhere] hover:text-rubric"
          >
            {name}
          </button>
          <Badge>{kind === 'service' ? 'service' : ownerText(props)}</Badge>
          {state && <Badge tone={state.isBad ? 'rubric' : 'lapis'}>{state.text}</Badge>}
        </h3>
        <p className="mt-0.5 text-ink-soft text-sm">
          {scopesText(scopes)}
          {label !== null && <>, pinned to {label}</>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs">
          <code className="font-mono" data-volatile>
            {prefix}…
          </code>
          <Times {...props} />
        </p>
      </div>
      <Actions {...props} />
    </div>
  )
}

function ownerText({ apiKey: { person }, isOwn }: KeyRowProps): string {
  return isOwn ? 'yours' : (person?.display ?? 'personal')
}

function Times({ apiKey, now }: KeyRowProps) {
  const { last_used_at: used, expires_at: ends, previous_until: previous, status } = apiKey
  return (
    <>
      <span>
        {used === null ? (
          'Never used'
        ) : (
          <time dateTime={used} title={formatMoment(used)}>
            Used {formatAgo(used, now)}
          </time>
        )}
      </span>
      <span>
        {ends === null ? (
          'No expiry'
        ) : (
          <time dateTime={ends} title={formatMoment(ends)}>
            {status === 'expired' ? 'Expired' : 'Expires'} {formatDay(ends)}
          </time>
        )}
      </span>
      {previous !== null && status === 'rotating' && (
        <span>
          The old text works until <time dateTime={previous}>{formatMoment(previous)}</time>
        </span>
      )}
    </>
  )
}

/** Rotating is for whom the key belongs to: who has it has its text. */
function Actions({ apiKey, isOwn, isManaging, onOpen }: KeyRowProps) {
  const { name, kind, status } = apiKey
  if (status === 'revoked') return null
  const mayRotate = isOwn || (kind === 'service' && isManaging)
  return (
    <div className="flex items-center gap-2">
      <Button
        aria-label={`Rotate ${name}`}
        reason={mayRotate ? undefined : 'Only its person rotates a personal key; you may revoke it.'}
        onPress={() => onOpen({ kind: 'rotate', apiKey })}
      >
        Rotate
      </Button>
      <Button aria-label={`Revoke ${name}`} onPress={() => onOpen({ kind: 'revoke', apiKey })}>
        Revoke
      </Button>
    </div>
  )
}
