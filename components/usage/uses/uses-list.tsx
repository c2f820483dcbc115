'use client'

import { Download } from 'lucide-react'
import { useQueryStates } from 'nuqs'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { saveText } from '#components/ui/copying/save-text.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { counted } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { REASON_CODES } from '#lib/usage/rules.ts'
import type { UsesPage } from '#lib/usage/use-schema.ts'
import { toJson } from '../csv.ts'
import { DataTable } from '../data-table.tsx'
import { timeWords } from '../format-usage.ts'
import { REASON_NAMES } from '../reason-words.ts'
import { useTimeZone } from '../time-zone.ts'
import { useColumns } from './use-columns.tsx'
import { useUses } from './use-uses.ts'
import { toUsesQuery, type UsesState, usesParsers } from './uses-state.ts'

const ALL = 'all'

/** Single uses, newest first, and those to come while it is live. */
export function UsesList({
  first,
}: {
  first: { state: UsesState; zone: string; page: UsesPage; readAt: number }
}) {
  const [state, setState] = useQueryStates(usesParsers, { history: 'push', scroll: false })
  const zone = useTimeZone(first.zone)
  const { items, more, isLive, setLive, error } = useUses(state, first)
  const columns = useColumns(zone)
  const change = (given: Partial<UsesState>) => void setState(given)
  return (
    <div>
      <UsesBar
        state={state}
        zone={zone}
        isLive={isLive}
        onLive={setLive}
        onChange={change}
        onJson={() => saveText(toJson(columns, items), 'uses.json', 'application/json')}
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

/** What the list is narrowed to, whether it follows, and its file. */
function UsesBar({
  state,
  zone,
  onJson,
  isLive,
  onLive,
  onChange,
}: {
  state: UsesState
  zone: string
  /** Saves the rows that are shown. */
  onJson: () => void
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
      <Narrowed state={state} zone={zone} onChange={onChange} />
      <div className="ml-auto flex items-center gap-2">
        <Switch isOn={isLive} onChange={onLive}>
          Live
        </Switch>
        <a
          href={`/api/uses?${new URLSearchParams(queryTexts(state))}`}
          className={buttonClass('quiet')}
          download
        >
          <Download aria-hidden="true" />
          CSV
        </a>
        <Button look="quiet" aria-label="Download as JSON: the uses that are shown" onPress={onJson}>
          <Download aria-hidden="true" />
          JSON
        </Button>
      </div>
    </div>
  )
}

function queryTexts(state: UsesState): Record<string, string> {
  const texts = Object.entries(toUsesQuery(state)).map(([key, value]) => [key, String(value)])
  return { ...Object.fromEntries(texts), format: 'csv' }
}

/** `24 Nov, 14:00 – 17:00`, `since 24 Nov, 14:00` */
function spanWords(since: Date, until: Date | null, zone: string): string {
  const { day, hour, span } = timeWords(zone)
  const from = since.toISOString()
  return until === null ? `since ${day(from)}, ${hour(from)}` : span(from, until.toISOString())
}

const NARROWED = ['prompt', 'version', 'label', 'surface', 'client', 'variable', 'asked', 'since'] as const

/** What else narrows the list, each with a button that takes it away. */
function Narrowed({
  state,
  zone,
  onChange,
}: {
  state: UsesState
  zone: string
  onChange: (given: Partial<UsesState>) => void
}) {
  const words: Record<(typeof NARROWED)[number], string | null> = {
    prompt: state.prompt,
    version: state.version === null ? null : `v${state.version}`,
    label: state.label,
    surface: state.surface,
    client: state.client === '' ? 'no client name' : state.client,
    variable: state.variable,
    asked: state.asked,
    since: state.since === null ? null : spanWords(state.since, state.until, zone),
  }
  return NARROWED.map((key) => {
    const word = words[key]
    if (word === null) return null
    const cleared = key === 'since' ? { since: null, until: null } : { [key]: null }
    return (
      <Button key={key} look="outline" aria-label={`Not only ${word}`} onPress={() => onChange(cleared)}>
        {word} <span aria-hidden="true">×</span>
      </Button>
    )
  })
}
