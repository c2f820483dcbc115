'use client'

import { useReasonAgainst } from '#components/access/person.tsx'
import { LabelledSelect } from '#components/ui/overlays/labelled-select.tsx'
import type { Choice } from '#components/ui/overlays/select.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { Columns } from './columns/columns.tsx'
import type { Import } from './plan/use-import.ts'

export interface FormatFacts {
  id: string
  title: string
}

const AUTO = 'auto'
const AS_IN_FILE = 'as-is'

const ON_TAKEN = [
  { id: 'version', label: 'Make a new version' },
  { id: 'rename', label: 'Make a new prompt, -2 behind' },
  { id: 'skip', label: 'Leave it out' },
]

/** What holds for all items: taken names, the category of those without, labels, the format and its columns. */
export function WishBar({
  now,
  formats,
  categories,
}: {
  now: Import
  formats: readonly FormatFacts[]
  categories: readonly Choice[]
}) {
  const { wishes, wish, brought } = now
  const reason = useReasonAgainst('prompts:release')
  return (
    <section aria-label="For all items" className="flex flex-col gap-4">
      <div className="grid items-end gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-4">
        <LabelledSelect
          label="Where a name is taken"
          choices={ON_TAKEN}
          value={wishes.on_conflict ?? 'version'}
          onChange={(id) => {
            const [on_conflict] = (['version', 'rename', 'skip'] as const).filter((each) => each === id)
            wish({ on_conflict })
          }}
        />
        <LabelledSelect
          label="Category of those without one"
          choices={[{ id: AS_IN_FILE, label: 'None' }, ...categories.filter(({ id }) => id !== 'none')]}
          value={wishes.category ?? AS_IN_FILE}
          onChange={(id) => wish({ category: id === AS_IN_FILE ? undefined : id })}
        />
        {brought.source === undefined && (
          <LabelledSelect
            label="Format"
            choices={[
              { id: AUTO, label: 'As recognized' },
              ...formats.map(({ id, title }) => ({ id, label: title })),
            ]}
            value={wishes.format ?? AUTO}
            onChange={(id) => wish({ format: id === AUTO ? undefined : id, columns: undefined })}
          />
        )}
        <div className="min-h-9">
          <Switch
            isOn={wishes.labels && reason === undefined}
            isDisabled={reason !== undefined}
            onChange={(labels) => wish({ labels })}
          >
            Labels of the files move
          </Switch>
          {reason !== undefined && <p className="text-ink-faint text-xs">{reason}</p>}
        </div>
      </div>
      <Columns now={now} />
    </section>
  )
}
