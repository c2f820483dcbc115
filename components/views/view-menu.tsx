'use client'

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Bookmark, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { useMay, usePerson } from '#components/access/person.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { useForm } from '#components/forms/use-form.ts'
import { Button } from '#components/ui/button.tsx'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { part } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'
import { VIEW_NAME_LENGTH, type VIEW_PAGES } from '#lib/views/rules.ts'
import type { SavedView } from '#lib/views/schema.ts'

type ViewPage = (typeof VIEW_PAGES)[number]

const loadPanel = part(() => import('#components/ui/overlays/popover-dialog.tsx'))

const viewsQuery = (page: ViewPage) =>
  queryOptions({
    queryKey: ['views', page],
    queryFn: async ({ signal }) => (await call('GET /api/views', { query: { page }, signal })).items,
  })

/** The views of a page that were saved by name, and a form that saves the present one. */
export function ViewMenu({ page }: { page: ViewPage }) {
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  const mayUse = useMay('usage:read')
  if (!mayUse) return null
  return (
    <>
      <Button {...button} look="outline" className="h-8.5">
        <Bookmark aria-hidden="true" />
        Views
      </Button>
      {panel && (
        <panel.PopoverDialog
          popup={popup}
          placement="bottom start"
          label="Saved views"
          className="w-80 max-w-full p-3"
        >
          <Views page={page} onClose={popup.onClose} />
        </panel.PopoverDialog>
      )}
    </>
  )
}

function Views({ page, onClose }: { page: ViewPage; onClose: () => void }) {
  const views = useQuery(viewsQuery(page))
  const path = usePathname()
  return (
    <div className="flex flex-col gap-3">
      {views.error !== null && (
        <p role="alert" className="text-rubric text-sm">
          The views could not be read. {views.error.message}
        </p>
      )}
      {views.data?.length === 0 && <p className="text-ink-soft text-sm">No view was saved yet.</p>}
      {views.data !== undefined && views.data.length > 0 && (
        <ul className="flex max-h-72 flex-col overflow-auto">
          {views.data.map((view) => (
            <ViewItem key={view.id} view={view} path={path} page={page} onClose={onClose} />
          ))}
        </ul>
      )}
      <SaveForm page={page} onClose={onClose} />
    </div>
  )
}

function ViewItem({
  view: { id, name, query, shared, author },
  path,
  page,
  onClose,
}: {
  view: SavedView
  path: string
  page: ViewPage
  onClose: () => void
}) {
  const attempt = useAttempt(viewsQuery(page).queryKey)
  const mayDelete = useMay('settings:write')
  const person = usePerson()
  const isOwn = person.id === author.id
  const remove = async () => {
    await call('DELETE /api/views/{id}', { params: { id } })
    showToast({ message: `The view "${name}" is deleted.` })
  }
  return (
    <li className="flex items-center gap-1 rounded hover:bg-hover">
      <Link
        href={query === '' ? path : `${path}?${query}`}
        onClick={onClose}
        className="min-h-8 min-w-0 flex-1 content-center px-2 text-sm [overflow-wrap:anywhere]"
      >
        {name}
        {shared && <span className="block text-ink-faint text-xs">of everybody, by {author.display}</span>}
      </Link>
      {(isOwn || mayDelete) && (
        <Button
          look="quiet"
          aria-label={`Delete the view ${name}`}
          onPress={() => void attempt(remove, `The view "${name}" was not deleted.`)}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      )}
    </li>
  )
}

function SaveForm({ page, onClose }: { page: ViewPage; onClose: () => void }) {
  const queries = useQueryClient()
  const mayShare = useMay('prompts:write')
  const query = useSearchParams().toString()
  const form = useForm({
    values: { name: '', shared: false },
    check: ({ name }) => ({ name: name.trim() === '' ? 'Give the view a name.' : undefined }),
    send: async ({ name, shared }) => {
      await call('POST /api/views', { body: { page, name: name.trim(), query, shared } })
      await queries.invalidateQueries({ queryKey: viewsQuery(page).queryKey })
      showToast({ message: `The view "${name.trim()}" is saved.` })
      onClose()
    },
  })
  return (
    <form
      onSubmit={form.submit}
      noValidate
      autoComplete="off"
      className="flex flex-col gap-2 border-line border-t pt-3"
    >
      <TextField form={form} field="name" label="Save what is shown as" maxLength={VIEW_NAME_LENGTH} />
      {mayShare && (
        <label className="flex min-h-8 items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={form.values.shared}
            onChange={({ target }) => form.set({ shared: target.checked })}
            className="size-4 shrink-0 accent-(--fill)"
          />
          Offer it to everybody
        </label>
      )}
      {form.faults[''] && (
        <p role="alert" className="text-rubric text-sm">
          {form.faults['']}
        </p>
      )}
      <Button type="submit" look="primary">
        Save the view
      </Button>
    </form>
  )
}
