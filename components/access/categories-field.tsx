'use client'

import { useQuery } from '@tanstack/react-query'
import { CheckList } from '#components/forms/check-list.tsx'
import type { Form } from '#components/forms/use-form.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { Segments } from '#components/ui/segments.tsx'

/** The part of a form that narrows rights. */
export interface Narrowed {
  /** Slugs; null: everywhere. */
  categories: readonly string[] | null
}

const CHOICES = [
  { id: 'all', label: 'All categories' },
  { id: 'some', label: 'Some categories' },
]

/** In which categories somebody, or a key, may write and release. Reading is never narrowed. */
export function CategoriesField<V extends Narrowed>({
  form,
}: {
  form: Pick<Form<V>, 'id' | 'values' | 'faults' | 'set'>
}) {
  const all = useQuery(categoriesQuery).data ?? []
  const { categories } = form.values
  const set = (next: string[] | null) => form.set({ categories: next } as Partial<V>)
  return (
    <div>
      <p className="font-medium text-sm">Writes in</p>
      <p className="mt-1 mb-2 text-ink-faint text-xs">Reading is never narrowed.</p>
      <Segments
        name="Writes in"
        segments={CHOICES}
        value={categories === null ? 'all' : 'some'}
        onChange={(chosen) => set(chosen === 'all' ? null : [])}
      />
      {categories !== null && (
        <div className="mt-3 border-line border-l-2 pl-4">
          <CheckList
            id={`${form.id}-categories`}
            legend="Categories"
            error={form.faults.categories}
            items={all.map(({ slug, name }) => ({ id: slug, label: name }))}
            ticked={categories}
            onChange={set}
          />
        </div>
      )}
    </div>
  )
}

/** What a form with nothing ticked lacks. */
export function categoriesFault({ categories }: Narrowed): string | undefined {
  return categories?.length === 0 ? 'Tick a category, or choose all of them.' : undefined
}
