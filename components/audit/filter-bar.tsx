'use client'

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useMay } from '#components/access/person.tsx'
import { membersQuery } from '#components/members/queries.ts'
import { ListSpan } from '#components/spans/list-span.tsx'
import { Button } from '#components/ui/button.tsx'
import { OneOf } from '#components/ui/overlays/one-of.tsx'
import { SearchField } from '#components/ui/search-field.tsx'
import { ACTION_GROUPS, GROUP_NAMES } from './action-words.ts'
import { type AuditFilters, type ChangeFilters, isNarrowed, NO_FILTERS } from './filters.ts'

interface Props {
  filters: AuditFilters
  onChange: ChangeFilters
  /** For what is typed: the address follows after a pause. */
  onType: ChangeFilters
  /** The reader's own time zone. */
  own: string
  /** When the page was read, in milliseconds. */
  now: number
}

/** The filters of the log. Key, client and who is behind them are chosen in the rows. */
export function FilterBar({ filters, onChange, onType, own, now }: Props) {
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-2 [&_input]:h-9">
      <legend className="sr-only">Filters</legend>
      <WhoAndWhat filters={filters} onChange={onChange} />
      <div className="w-[calc(50%-0.25rem)] sm:w-56">
        <SearchField
          label="Target"
          placeholder="Name or id"
          value={filters.target ?? ''}
          onChange={(target) => onType({ target: target || null })}
        />
      </div>
      <div className="w-[calc(50%-0.25rem)] sm:w-40">
        <SearchField
          label="Address"
          placeholder="IP address"
          value={filters.address ?? ''}
          onChange={(address) => onType({ address: address || null })}
        />
      </div>
      <ListSpan state={filters} own={own} firstNow={now} onChange={onChange} />
      <Widen filters={filters} onChange={onChange} />
    </fieldset>
  )
}

function WhoAndWhat({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  const mayList = useMay('members:write')
  const members = useQuery({ ...membersQuery, enabled: mayList }).data ?? []
  const known = members.map(({ id, name, email }) => ({ id, label: name, hint: email }))
  const { actor, action } = filters
  return (
    <>
      <OneOf
        label="Who"
        all="Anybody"
        choices={known}
        nameOf={() => 'The chosen one'}
        value={actor}
        onChoose={(id) => onChange({ actor: id })}
      />
      <OneOf
        label="What"
        all="Everything"
        choices={ACTION_GROUPS.map((id) => ({ id, label: GROUP_NAMES[id] }))}
        value={action}
        onChoose={(id) => onChange({ action: ACTION_GROUPS.find((each) => each === id) ?? null })}
      />
    </>
  )
}

/** The ways back from what was chosen in a row, and from all filters. */
function Widen({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  const chosen = [
    ['key', 'One key'],
    ['client', 'One client'],
    ['on_behalf_of', 'On behalf of one'],
  ] as const
  return (
    <>
      {chosen.map(
        ([field, words]) =>
          filters[field] !== null && (
            <Button
              key={field}
              aria-label={`${words}: show others too`}
              onPress={() => onChange({ [field]: null })}
            >
              {words}
              <X aria-hidden="true" />
            </Button>
          ),
      )}
      {isNarrowed(filters) && (
        <Button look="quiet" onPress={() => onChange(NO_FILTERS)}>
          <X aria-hidden="true" />
          Clear
        </Button>
      )}
    </>
  )
}
