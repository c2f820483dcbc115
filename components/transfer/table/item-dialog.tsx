'use client'

import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { FieldDiffs } from '#components/prompts/versions/field-diffs.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { diffTexts } from '#lib/prompts/comparison/diff.ts'
import type { ImportItem } from '#lib/transfer/schema.ts'
import { ActionMark, placeText } from './item-row.tsx'

export interface ItemDialogProps {
  item: ImportItem
  textOf: ((path: string) => Promise<string | undefined>) | undefined
  steps: { back: boolean; on: boolean }
  onStep: (by: number) => void
  onClose: () => void
}

/** What becomes of an item and why, its texts before and after, and its file as it was brought. */
export function ItemDialog({ item, textOf, steps, onStep, onClose }: ItemDialogProps) {
  const { name, title, source, notes, tags, labels = [], category } = item
  const facts = [
    title !== name && title,
    category && `Category ${category}`,
    tags.length > 0 && `Tags ${tags.join(', ')}`,
    labels.length > 0 && `Labels ${labels.join(', ')}`,
  ].filter(Boolean)
  return (
    <Dialog title={name} isOpen isWide onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <ActionMark item={item} />
        <span className="min-w-0 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">
          {placeText(source)}
        </span>
        <span className="text-ink-faint text-xs">{source.format}</span>
        <span className="ml-auto flex gap-1">
          <Button
            look="quiet"
            square
            aria-label="The item before"
            isDisabled={!steps.back}
            onPress={() => onStep(-1)}
          >
            <ChevronLeft aria-hidden="true" />
          </Button>
          <Button
            look="quiet"
            square
            aria-label="The next item"
            isDisabled={!steps.on}
            onPress={() => onStep(1)}
          >
            <ChevronRight aria-hidden="true" />
          </Button>
        </span>
      </div>
      {facts.length > 0 && <p className="mt-2 text-ink-soft text-sm">{facts.join(' · ')}</p>}
      {notes.length > 0 && (
        <section aria-labelledby="item-notes" className="mt-5">
          <h3 id="item-notes" className="font-medium text-sm">
            Notes
          </h3>
          <ul className="mt-1.5 flex flex-col gap-1 text-sm">
            {notes.map(({ line, message }, at) => (
              // A note has no other identity than its place in an answer that never changes.
              <li key={at} className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-3">
                <span className="text-ink-faint tabular-nums">
                  {line === undefined ? '' : `Line ${line}`}
                </span>
                <span className="[overflow-wrap:anywhere]">{message}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Conversions item={item} />
      {textOf && <FileText path={source.path} textOf={textOf} />}
    </Dialog>
  )
}

function Conversions({ item: { conversions = [] } }: { item: ImportItem }) {
  const fields = useMemo(
    () =>
      conversions.map(({ path, language, before, after }) => ({
        field: path.join('.'),
        title: `${partName(path)}, from ${language}`,
        ...diffTexts(before, after, { context: Infinity }),
      })),
    [conversions],
  )
  if (fields.length === 0) return null
  return (
    <section aria-labelledby="item-conversion" className="mt-5">
      <h3 id="item-conversion" className="mb-2 font-medium text-sm">
        Conversion
      </h3>
      <FieldDiffs fields={fields} sides={{ older: 'as it was', newer: 'here' }} view="split" />
    </section>
  )
}

/** `Text`, `Message 2`. */
function partName(path: readonly (string | number)[]): string {
  const index = path.find((part) => typeof part === 'number')
  return typeof index === 'number' ? `Message ${index + 1}` : 'Text'
}

function FileText({ path, textOf }: { path: string; textOf: NonNullable<ItemDialogProps['textOf']> }) {
  const { data } = useQuery({
    queryKey: ['imports', 'file', path],
    queryFn: async () => (await textOf(path)) ?? null,
    gcTime: 0,
  })
  if (typeof data !== 'string') return null
  return (
    <section aria-labelledby="item-file" className="mt-5">
      <h3 id="item-file" className="mb-2 font-medium text-sm">
        The file
      </h3>
      <ScrollRegion
        name="The file as it was brought"
        className="max-h-96 overflow-auto rounded-lg border border-line bg-sunken"
      >
        <pre className="whitespace-pre-wrap p-4 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
          {data}
        </pre>
      </ScrollRegion>
    </section>
  )
}
