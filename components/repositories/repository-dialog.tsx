'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  AuthorizationField,
  type AuthorizationValues,
  authorizationBody,
  NO_AUTHORIZATION,
} from '#components/forms/authorization-field.tsx'
import { CheckList } from '#components/forms/check-list.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { type Form, useForm } from '#components/forms/use-form.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { showToast } from '#components/ui/toast.ts'
import {
  ARCHIVE_URL_LENGTH,
  FOLDER_LENGTH,
  REF_LENGTH,
  REPOSITORY_NAME_LENGTH,
  USUAL_FOLDER,
} from '#lib/repositories/rules.ts'
import type { NewRepository, Repository } from '#lib/repositories/schema.ts'
import { call } from '#lib/rest/client.ts'
import { ON_CONFLICT } from '#lib/transfer/rules.ts'
import { REPOSITORIES } from './queries.ts'

interface Values extends AuthorizationValues {
  name: string
  archive_url: string
  ref: string
  folder: string
  on_conflict: string
  /** Slug; empty: none. */
  category: string
  moves: string[]
}

interface Props {
  /** Left out: a new one. */
  repository?: Repository | undefined
  onMade: (made: NewRepository) => void
  onClose: () => void
}

const EXAMPLE = 'https://api.github.com/repos/owner/repo/zipball/main'
const CHOICES = [
  { id: 'version', label: 'Make a version' },
  { id: 'rename', label: 'Make another prompt' },
  { id: 'skip', label: 'Leave it' },
]

/** Adds a repository, or changes one. A new one has a secret, which is shown next. */
export function RepositoryDialog(props: Props) {
  const { repository, onClose } = props
  const form = useRepositoryForm(props)
  return (
    <FormDialog
      title={repository ? repository.name : 'New repository'}
      form={form}
      action={repository ? 'Save' : 'Add the repository'}
      onClose={onClose}
    >
      <TextField form={form} field="name" label="Name" maxLength={REPOSITORY_NAME_LENGTH} ref={focusAtOnce} />
      <TextField
        form={form}
        field="archive_url"
        label="Address of a zip of the branch"
        placeholder={EXAMPLE}
        inputMode="url"
        autoCapitalize="none"
        maxLength={ARCHIVE_URL_LENGTH}
      />
      <TextField form={form} field="ref" label="Branch" autoCapitalize="none" maxLength={REF_LENGTH} />
      <TextField
        form={form}
        field="folder"
        label="Folder"
        hint="Where the prompts are; empty: the whole repository."
        autoCapitalize="none"
        maxLength={FOLDER_LENGTH}
      />
      <AuthorizationField
        form={form}
        hint="What a private repository asks for: “Bearer …”, with the right to read it and no other."
        isThere={repository?.has_authorization === true}
      />
      <SelectField form={form} field="on_conflict" label="Where a prompt has the name" choices={CHOICES} />
      <CategoryField form={form} />
      <CheckList
        id={`${form.id}-moves`}
        legend="Labels"
        items={[{ id: 'labels', label: 'Labels of files move', hint: 'It needs the right to release.' }]}
        ticked={form.values.moves}
        onChange={(moves) => form.set({ moves })}
      />
    </FormDialog>
  )
}

function CategoryField({ form }: { form: Form<Values> }) {
  const known = useQuery(categoriesQuery).data ?? []
  const choices = known.map(({ slug, name }) => ({ id: slug, label: name }))
  const { category } = form.values
  // One that is not made yet is made with the first prompt in it.
  const own =
    category === '' || known.some(({ slug }) => slug === category) ? [] : [{ id: category, label: category }]
  return (
    <SelectField
      form={form}
      field="category"
      label="Category of new prompts that name none"
      choices={[{ id: '', label: 'No category' }, ...own, ...choices]}
    />
  )
}

function useRepositoryForm({ repository, onMade, onClose }: Props) {
  const queries = useQueryClient()
  return useForm<Values>({
    values: () => valuesOf(repository),
    check: (values) => ({
      name: values.name.trim() === '' ? 'A name is needed' : undefined,
      archive_url: URL.canParse(values.archive_url.trim()) ? undefined : `An address such as ${EXAMPLE}`,
      ref: values.ref.trim() === '' ? 'A branch is needed' : undefined,
    }),
    send: async (values) => {
      const body = bodyOf(values)
      if (repository === undefined) onMade(await call('POST /api/repositories', { body }))
      else {
        const { id, etag } = repository
        await call('PATCH /api/repositories/{id}', { params: { id }, ifMatch: etag, body })
        showToast({ message: `“${body.name}” is saved.` })
        onClose()
      }
      await queries.invalidateQueries({ queryKey: REPOSITORIES })
    },
  })
}

function valuesOf(repository: Repository | undefined): Values {
  const { name = '', archive_url = '', ref = 'main', folder = USUAL_FOLDER } = repository ?? {}
  const { on_conflict = 'version', labels = false } = repository ?? {}
  const category = repository?.category ?? ''
  return {
    name,
    archive_url,
    ref,
    folder,
    on_conflict,
    category,
    moves: labels ? ['labels'] : [],
    ...NO_AUTHORIZATION,
  }
}

function bodyOf(values: Values) {
  return {
    name: values.name.trim(),
    archive_url: values.archive_url.trim(),
    ref: values.ref.trim(),
    folder: values.folder.trim(),
    on_conflict: ON_CONFLICT.find((each) => each === values.on_conflict) ?? 'version',
    category: values.category === '' ? null : values.category,
    labels: values.moves.length > 0,
    ...authorizationBody(values),
  }
}
