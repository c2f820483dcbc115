'use client'

import { useQueryStates } from 'nuqs'
import { FileLinks } from '#components/rows/file-links.tsx'
import { ListSpan } from '#components/spans/list-span.tsx'
import { useTimeZone } from '#components/spans/time-zone.ts'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { counted } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { addressOf } from '#lib/rest/client.ts'
import { REASON_CODES } from '#lib/usage/rules.ts'
import { DataTable } from '../data-table.tsx'
import { REASON_NAMES } from '../reason-words.ts'
import { useColumns } from './use-columns.tsx'
import { type FirstUses, useUses } from './use-uses.ts'
import { type UsesQuery, type UsesState, usesParsers } from './uses-state.ts'

const ALL = 'all'

/** Single uses, newest first, and those to come while it is live. */
export function UsesList({ first }: { first: FirstUses }) {
  const [state, setState] = useQueryStates(usesParsers, { history: 'push', scroll: false })
  const own = useTimeZone(first.zone)
  const { query, items, more, isLive, setLive, error } = useUses(state, own, first)
  const columns = useColumns(state.tz ?? own)
  const change = (given: Partial<UsesState>) => void setState(given)
  return (
    <div>
      <UsesBar
        state={state}
        query={query}
        own={own}
        now={first.readAt}
        isLive={isLive}
        onLive={setLive}
        onChange={change}
      />
      {error !== null && (
        <p role="alert" className="mb-4 rounded-lg bg-rubric-wash px-4 py-3 text-sm">
          The uses could not be read. {error.message}
        </p>
      )}
      <output className="sr-only">{isLive && `Live: ${counted(items.length, 'use')} in the list`}</output>
      {items.length === 0 ? (
        <EmptyState title="No use fits">
          Nothing that fits these filters is on record. Single uses are kept for some weeks; their sums stay.
        </EmptyState>
      ) : (
        <ScrollRegion name="Uses, table" className="overflow-x-auto">
          <DataTable name="Uses" columns={columns} rows={items} rowKey={({ id }) => id} />
        </ScrollRegion>
      )}
      {more && (
        <Button className="mt-5" onPress={more.load} isDisabled={more.isLoading}>
          {more.isLoading ? 'Reading…' : 'Show older uses'}
        </Button>
      )}
    </div>
  )
}

/** What the list is narrowed to, whether it follows, and its files. */
function UsesBar({
  state,
  query,
  own,
  now,
  isLive,
  onLive,
  onChange,
}: {
  state: UsesState
  /** What the filters leave, as the list asks for it. */
  query: UsesQuery
  /** The reader's own time zone. */
  own: string
  /** When the page was read, in milliseconds. */
  now: number
  isLive: boolean
  onLive: (isLive: boolean) => void
  onChange: (given: Partial<UsesState>) => void
}) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2 print:hidden">
      <Select
        aria-label="Outcome"
        className="w-[calc(50%-0.25rem)] min-w-0 sm:w-40"
        choices={[
          { id: ALL, label: 'All uses' },
          { id: 'true', label: 'Failed' },
          { id: 'false', label: 'Answered' },
        ]}
        value={state.failed === null ? ALL : String(state.failed)}
        onChange={(id) => onChange({ failed: id === ALL ? null : id === 'true' })}
      />
      <Select
        aria-label="Reason"
        className="w-[calc(50%-0.25rem)] min-w-0 sm:w-52"
        choices={[
          { id: ALL, label: 'All reasons' },
          ...REASON_CODES.map((code) => ({ id: code, label: REASON_NAMES[code] })),
        ]}
        value={state.code ?? ALL}
        onChange={(id) => onChange({ code: REASON_CODES.find((code) => code === id) ?? null })}
      />
      <ListSpan state={state} own={own} firstNow={now} onChange={onChange} />
      <Narrowed state={state} onChange={onChange} />
      <div className="ml-auto flex items-center gap-2">
        <Switch isOn={isLive} onChange={onLive}>
          Live
        </Switch>
        <FileLinks name="all uses" hrefOf={(format) => fileHref(query, format)} />
      </div>
    </div>
  )
}

function fileHref(query: UsesQuery, format: 'csv' | 'jsonl'): string {
  return addressOf('/api/uses', { query: { ...query, format } })
}

const NARROWED = ['prompt', 'version', 'label', 'surface', 'client', 'variable', 'asked'] as const

/** What else narrows the list, each with a button that takes it away. */
function Narrowed({ state, onChange }: { state: UsesState; onChange: (given: Partial<UsesState>) => void }) {
  const words: Record<(typeof NARROWED)[number], string | null> = {
    prompt: state.prompt,
    version: state.version === null ? null : `v${state.version}`,
    label: state.label,
    surface: state.surface,
    client: state.client === '' ? 'no client name' : state.client,
    variable: state.variable,
    asked: state.asked,
  }
  return NARROWED.map((key) => {
    const word = words[key]
    if (word === null) return null
    return (
      <Button
        key={key}
        look="outline"
        aria-label={`Not only ${word}`}
        onPress={() => onChange({ [key]: null })}
      >
        {word} <span aria-hidden="true">×</span>
      </Button>
    )
  })
}
