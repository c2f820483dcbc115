'use client'

import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { part } from '#components/ui/part.ts'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import type { Category } from '#lib/categories/schema.ts'
import { SLUG } from '../prompts/filters.ts'
import { ColorField } from './color-field.tsx'
import { nextColor } from './palette.ts'
import { slugOf } from './slug.ts'
import type { useCategoryEdits } from './use-category-edits.ts'

const loadRead = part(() => import('./read.ts'))

interface CategoryDialogProps {
  /** The one to edit; without it a new one is made. */
  category: Category | undefined
  categories: readonly Category[]
  edits: ReturnType<typeof useCategoryEdits>
  onClose: () => void
}

/** Asks for a category's name, slug, description and colour. */
export function CategoryDialog({ category, categories, edits, onClose }: CategoryDialogProps) {
  const id = useId()
  const [name, setName] = useState(category?.name ?? '')
  const [slug, setSlug] = useState(category?.slug)
  const [description, setDescription] = useState(category?.description ?? '')
  const [color, setColor] = useState(category?.color ?? nextColor(categories.map((each) => each.color)))
  const [wrong, setWrong] = useState<{ name?: string | undefined; slug?: string | undefined }>({})
  const effectiveSlug = slug ?? slugOf(name)
  const create = useMutation({
    mutationFn: async (body: { slug: string; name: string; description: string; color: string }) =>
      (await loadRead()).createCategory(body),
    onSuccess: async () => {
      await edits.created()
      onClose()
    },
  })

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const fields = { slug: effectiveSlug, name: name.trim(), description: description.trim(), color }
    const isTaken = categories.some((each) => each.slug === fields.slug && each.slug !== category?.slug)
    const found = {
      name: fields.name === '' ? 'Give it a name.' : undefined,
      slug: faultOf(fields.slug, isTaken),
    }
    setWrong(found)
    if (found.name || found.slug) return
    if (!category) return create.mutate(fields)
    onClose()
    const isSame = Object.entries(fields).every(([key, value]) => category[key as keyof Category] === value)
    if (!isSame) void edits.patch(category, fields)
  }
  return (
    <Dialog
      title={category ? 'Edit category' : 'New category'}
      isOpen
      onOpenChange={(open) => !open && onClose()}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field id={`${id}-name`} label="Name" error={wrong.name}>
          <TextInput
            id={`${id}-name`}
            ref={focusAtOnce}
            autoComplete="off"
            maxLength={100}
            value={name}
            aria-invalid={wrong.name !== undefined}
            aria-describedby={describedBy(`${id}-name`, false, wrong.name)}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          id={`${id}-slug`}
          label="Slug"
          hint={
            category
              ? 'Part of addresses: links and agents that name the old one no longer find it.'
              : undefined
          }
          error={wrong.slug}
        >
          <TextInput
            id={`${id}-slug`}
            autoComplete="off"
            spellCheck={false}
            maxLength={64}
            value={effectiveSlug}
            aria-invalid={wrong.slug !== undefined}
            aria-describedby={describedBy(`${id}-slug`, category, wrong.slug)}
            onChange={(event) => setSlug(event.target.value)}
            className="font-mono"
          />
        </Field>
        <Field id={`${id}-description`} label="Description" hint="What belongs into it. Agents choose by it.">
          <TextArea
            id={`${id}-description`}
            rows={2}
            maxLength={2000}
            value={description}
            aria-describedby={describedBy(`${id}-description`, true, undefined)}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <ColorField name={`${id}-color`} value={color} own={category?.color} onChange={setColor} />
        {create.error && (
          <p role="alert" className="text-rubric text-sm">
            {create.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={create.isPending}>
            {category ? 'Save' : 'Create'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function faultOf(slug: string, isTaken: boolean): string | undefined {
  if (isTaken) return 'Another category has this slug.'
  if (slug === 'none' || slug === 'order') return 'This slug is reserved.'
  return SLUG.test(slug) ? undefined : 'Use lower-case letters, digits, "_" and "-", at most 64.'
}
