import Link from 'next/link'
import { useMemo } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import type { Use } from '#lib/usage/use-schema.ts'
import type { ShownColumn } from '../data-table.tsx'
import { formatMs, NONE } from '../format-usage.ts'
import { NO_CLIENT_NAME, SURFACE_NAMES } from '../names.ts'
import { reasonWords } from '../reason-words.ts'

/** Columns of single uses, with times to the second in a zone. */
export function useColumns(zone: string): ShownColumn<Use>[] {
  return useMemo(() => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    return [
      {
        key: 'time',
        name: 'Time',
        value: (use) => use.occurred_at,
        show: ({ occurred_at: at }) => (
          <time dateTime={at} className="tabular-nums">
            {format.format(new Date(at))}
          </time>
        ),
      },
      ...COLUMNS,
    ]
  }, [zone])
}

const COLUMNS: ShownColumn<Use>[] = [
  {
    key: 'outcome',
    name: 'Outcome',
    value: ({ outcome }) => outcome,
    show: ({ outcome, reasons, asked }) =>
      outcome === 'ok' ? (
        <span className="text-ink-soft">ok</span>
      ) : (
        <span className="block min-w-44 max-w-80 whitespace-normal [overflow-wrap:anywhere]">
          <Badge tone="rubric">failed</Badge>{' '}
          {reasons.map((reason) => reasonWords({ ...reason, asked })).join('; ') || outcome}
        </span>
      ),
  },
  {
    key: 'prompt',
    name: 'Prompt',
    value: ({ prompt }) => prompt,
    show: ({ prompt, version, label, asked }) =>
      prompt === null ? (
        (asked ?? NONE)
      ) : (
        <>
          <Link
            href={`/prompts/${prompt}`}
            prefetch={false}
            className="text-lapis underline-offset-4 hover:underline"
          >
            {prompt}
          </Link>{' '}
          <span className="text-ink-faint">
            {version !== null && `v${version}`} {label}
          </span>
        </>
      ),
  },
  {
    key: 'operation',
    name: 'Use',
    value: ({ operation, tool }) => tool ?? operation,
  },
  { key: 'client', name: 'Client', value: ({ client }) => client ?? NO_CLIENT_NAME },
  { key: 'actor', name: 'Who', value: ({ actor }) => actor.display },
  { key: 'surface', name: 'Surface', value: ({ surface }) => SURFACE_NAMES[surface] ?? surface },
  {
    key: 'variables',
    name: 'Variables given',
    value: ({ variables }) => variables?.join(', ') ?? null,
    show: ({ variables }) => (
      <span className="block max-w-72 truncate font-mono text-xs">{variables?.join(', ') || NONE}</span>
    ),
  },
  {
    key: 'duration',
    name: 'Time taken',
    value: (use) => use.duration_ms,
    show: (use) => formatMs(use.duration_ms),
    isNumber: true,
  },
]
