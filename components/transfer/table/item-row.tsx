'use client'

import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useId } from 'react'
import { nameTyped } from '#components/prompts/editor/prompt-name.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { SLUG_LENGTH } from '#lib/slug.ts'
import type { ImportItem } from '#lib/transfer/schema.ts'
import { ACTION_WORDS, isProblem } from '../plan/sorted-items.ts'
import type { Editing } from './item-table.tsx'

const NONE = 'none'

interface Props {
  /** Its key. */
  id: string
  item: ImportItem
  editing: Editing | undefined
  isMade: boolean
  isSelected: boolean
  onSelect: (key: string, event: Event) => void
  onOpen: (key: string) => void
}

/** The cells of one item. */
export function ItemRow({ id, item, editing, isMade, isSelected, onSelect, onOpen }: Props) {
  const { name, source } = item
  return (
    <>
      {editing && (
        <td className="lg:row-auto">
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            checked={isSelected}
            onChange={({ nativeEvent }) => onSelect(id, nativeEvent)}
            className="block size-4 accent-(--fill)"
          />
        </td>
      )}
      <td className="min-w-0">
        <button
          type="button"
          data-row-link={id}
          onClick={() => onOpen(id)}
          className="-ml-1 inline-flex min-h-8 items-center gap-1 rounded px-1 hover:text-rubric"
        >
          <ActionMark item={item} />
          <span className="sr-only">: look at {name}</span>
          <ChevronRight aria-hidden="true" className="size-3.5 text-ink-faint group-hover:text-ink" />
        </button>
      </td>
      <td className="min-w-0 max-lg:order-1 max-lg:col-span-full">
        {editing ? (
          <NameCell id={id} item={item} editing={editing} />
        ) : (
          <NameText item={item} isMade={isMade} />
        )}
      </td>
      <td className="min-w-0 max-lg:order-2 max-lg:col-span-full">
        {editing ? (
          <CategoryCell id={id} item={item} editing={editing} />
        ) : (
          <span className="block truncate text-ink-soft">{item.category ?? '–'}</span>
        )}
      </td>
      <td className="min-w-0 max-lg:order-3 max-lg:col-span-full">
        <Notes item={item} />
      </td>
      <td className="min-w-0 text-ink-faint text-xs max-lg:max-w-40 max-lg:text-right">
        <span className="block truncate font-mono" title={placeText(source)}>
          {placeText(source)}
        </span>
      </td>
    </>
  )
}

/** The word for what happens to an item, marked where it is a problem. */
export function ActionMark({ item }: { item: ImportItem }) {
  const { action, version, moved } = item
  const tone = isProblem(item)
    ? 'rubric'
    : action === 'create' || action === 'version' || moved
      ? 'lapis'
      : 'plain'
  const words =
    action === 'version' && version !== undefined
      ? `Version ${version}`
      : moved
        ? 'Text unchanged'
        : ACTION_WORDS[action]
  return <Badge tone={tone}>{words}</Badge>
}

export function placeText({ path, line, entry }: ImportItem['source']): string {
  if (entry !== undefined) return `${path} · ${entry}`
  return line === undefined ? path : `${path}:${line}`
}

function NameText({ item, isMade }: { item: ImportItem; isMade: boolean }) {
  const { name, title, action } = item
  return (
    <>
      {isMade && !isProblem(item) && action !== 'skipped' ? (
        <Link
          href={`/prompts/${name}`}
          prefetch={false}
          className="block truncate rounded font-mono text-lapis underline-offset-4 hover:underline"
        >
          {name}
        </Link>
      ) : (
        <span className="block truncate font-mono">{name}</span>
      )}
      {title !== '' && title !== name && (
        <span className="block truncate text-ink-faint text-xs">{title}</span>
      )}
    </>
  )
}

function NameCell({ id, item, editing }: { id: string; item: ImportItem; editing: Editing }) {
  const { edits, faults, edit } = editing
  const faultId = useId()
  const fault = faults.get(id)
  return (
    <>
      <TextInput
        aria-label={`Name of ${item.title || item.name}`}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : faultId}
        autoComplete="off"
        spellCheck={false}
        maxLength={SLUG_LENGTH}
        value={edits.get(id)?.name ?? item.name}
        onChange={({ target }) => edit([id], { name: nameTyped(target.value) })}
        className="!h-8 font-mono"
      />
      {fault !== undefined && (
        <p id={faultId} className="mt-1 text-rubric text-xs">
          {fault}
        </p>
      )}
      <OnTakenName id={id} item={item} editing={editing} />
    </>
  )
}

const ON_TAKEN = [
  { id: 'version', label: 'New version of that prompt' },
  { id: 'rename', label: 'New prompt, -2 behind' },
  { id: 'skip', label: 'Leave it out' },
]

/** What becomes of an item whose name a prompt has already; also after it was chosen. */
function OnTakenName({
  id,
  item,
  editing: { edits, edit },
}: {
  id: string
  item: ImportItem
  editing: Editing
}) {
  const { on_conflict: chosen, skip } = edits.get(id) ?? {}
  if (item.action !== 'version' && chosen === undefined && skip !== true) return null
  return (
    <Select
      aria-label={`The name ${item.name} is taken`}
      className="mt-1.5 [&_button]:h-8"
      choices={ON_TAKEN}
      value={skip ? 'skip' : (chosen ?? 'version')}
      onChange={(wish) =>
        edit(
          [id],
          wish === 'skip'
            ? { skip: true }
            : { skip: false, on_conflict: wish === 'rename' ? 'rename' : 'version' },
        )
      }
    />
  )
}

function CategoryCell({ id, item, editing }: { id: string; item: ImportItem; editing: Editing }) {
  const { edits, categories, edit } = editing
  const chosen = edits.get(id)?.category
  const category = (chosen === undefined ? item.category : chosen) ?? NONE
  const isKnown = categories.some((each) => each.id === category)
  return (
    <Select
      aria-label={`Category of ${item.name}`}
      className="[&_button]:h-8"
      choices={isKnown ? categories : [...categories, { id: category, label: category }]}
      value={category}
      onChange={(slug) => edit([id], { category: slug === NONE ? null : slug })}
    />
  )
}

/** The first note, and how many more there are. */
function Notes({ item: { notes, conversions = [] } }: { item: ImportItem }) {
  const [first] = notes
  const language = conversions[0]?.language
  if (first === undefined)
    return language === undefined ? null : <p className="text-ink-faint text-xs">Converted from {language}</p>
  return (
    <p className="line-clamp-2 text-xs [overflow-wrap:anywhere]">
      {first.line !== undefined && <span className="text-ink-faint">Line {first.line}: </span>}
      {first.message}
      {notes.length > 1 && <span className="text-ink-faint"> and {notes.length - 1} more</span>}
    </p>
  )
}
