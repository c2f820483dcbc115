'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { DESCRIPTION_LENGTH, isReservedSlug, NAME_LENGTH } from '#lib/categories/rules.ts'
import type { Category } from '#lib/categories/schema.ts'
import { call } from '#lib/rest/client.ts'
import { SLUG, SLUG_LENGTH } from '#lib/slug.ts'
import { ColorField } from './color-field.tsx'
import { nextColor } from './palette.ts'
import { slugOf } from './slug.ts'
import type { CategoryEdits } from './use-category-edits.ts'

interface CategoryDialogProps {
  /** The one to edit; without it a new one is made. */
  category: Category | undefined
  categories: readonly Category[]
  edits: CategoryEdits
  onClose: () => void
}

/** Asks for a category's name, slug, description and colour. */
export function CategoryDialog(props: CategoryDialogProps) {
  const { category, onClose } = props
  const form = useCategoryForm(props)
  const { id, values, set } = form
  // The slug of a new one follows its name until somebody types another.
  const follows = category === undefined && values.slug === slugOf(values.name)
  return (
    <FormDialog
      title={category ? 'Edit category' : 'New category'}
      form={form}
      action={category ? 'Save' : 'Create'}
      onClose={onClose}
    >
      <TextField
        form={form}
        field="name"
        label="Name"
        maxLength={NAME_LENGTH}
        spellCheck
        ref={focusAtOnce}
        change={(name) => ({ name, ...(follows && { slug: slugOf(name) }) })}
      />
      <TextField
        form={form}
        field="slug"
        label="Slug"
        maxLength={SLUG_LENGTH}
        className="font-mono"
        hint={category && 'Part of addresses: links and agents that name the old one no longer find it.'}
      />
      <TextField
        form={form}
        field="description"
        label="Description"
        hint="What belongs into it. Agents choose by it."
        rows={2}
        maxLength={DESCRIPTION_LENGTH}
      />
      <ColorField
        name={`${id}-color`}
        value={values.color}
        own={category?.color}
        onChange={(color) => set({ color })}
      />
    </FormDialog>
  )
}

function useCategoryForm({ category, categories, edits, onClose }: CategoryDialogProps) {
  return useForm({
    values: {
      name: category?.name ?? '',
      slug: category?.slug ?? '',
      description: category?.description ?? '',
      color: category?.color ?? nextColor(categories.map((each) => each.color)),
    },
    check: ({ name, slug }) => ({
      name: name.trim() === '' ? 'Give it a name.' : undefined,
      slug: faultOf(
        slug,
        categories.some((each) => each.slug === slug && each.slug !== category?.slug),
      ),
    }),
    send: async (values) => {
      const body = { ...values, name: values.name.trim(), description: values.description.trim() }
      if (!category) {
        await call('POST /api/categories', { body, idempotencyKey: crypto.randomUUID() })
        await edits.created()
        return onClose()
      }
      onClose()
      const isSame = Object.entries(body).every(([key, value]) => category[key as keyof Category] === value)
      if (!isSame) void edits.patch(category, body)
    },
  })
}

function faultOf(slug: string, isTaken: boolean): string | undefined {
  if (isTaken) return 'Another category has this slug.'
  if (isReservedSlug(slug)) return 'This slug is reserved.'
  return SLUG.test(slug) ? undefined : 'Use lower-case letters, digits, "_" and "-", at most 64.'
}
