'use client'

import { ChevronRight, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useId } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { lastingPart } from '#components/ui/part.ts'
import type { Place } from '#lib/prompts/template/types.ts'
import type { Problem } from './check.ts'
import type { VariableRow } from './draft.ts'
import type { DraftChange } from './draft-change.ts'

const VariableDetails = dynamic(
  lastingPart(async () => (await import('./variable-details.tsx')).VariableDetails),
)

interface Props {
  row: VariableRow
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  problems: readonly Problem[]
  /** Where the texts use it. */
  places: readonly Place[]
  /** Names of the other variables. */
  taken: readonly string[]
  onChange: (change: DraftChange) => void
  onRemove: () => void
}

/** One variable: its name and type at a glance, everything else when it is opened. */
export function VariableItem(props: Props) {
  const { row, isOpen, onOpen, problems, onRemove } = props
  const id = useId()
  const isUnused = problems.some(({ code }) => code === 'unused_variable')
  const isWrong = problems.some(({ severity }) => severity === 'error')
  const name = row.name || 'unnamed'
  return (
    <li data-variable-row={row.name}>
      <div className="flex items-center gap-2 py-1">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => onOpen(!isOpen)}
          className="-mx-2 flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover"
        >
          <ChevronRight
            aria-hidden="true"
            className={classNames(
              'size-4 shrink-0 text-ink-faint transition-transform',
              isOpen && 'rotate-90',
            )}
          />
          <span className="min-w-0 truncate font-mono">{name}</span>
          {row.required && (
            <span className="text-rubric" title="required">
              *<span className="sr-only"> required</span>
            </span>
          )}
          <span className="shrink-0 text-ink-faint text-xs">{row.type}</span>
          {isUnused && <Badge>unused</Badge>}
          {isWrong && <Badge tone="rubric">to mend</Badge>}
          {!isOpen && (
            <span className="min-w-0 flex-1 truncate text-ink-faint text-xs">{row.description}</span>
          )}
        </button>
        <Button look="quiet" square aria-label={`Remove ${name}`} onPress={onRemove}>
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
      <div id={id} hidden={!isOpen}>
        {isOpen && <VariableDetails {...props} />}
      </div>
    </li>
  )
}
