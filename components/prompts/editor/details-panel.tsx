'use client'

import { describedBy, Field } from '#components/ui/field.tsx'
import { TextArea } from '#components/ui/text-area.tsx'
import { DESCRIPTION_LENGTH } from '#lib/prompts/rules.ts'
import type { Problem } from '../draft/check.ts'
import type { Draft } from '../draft/draft.ts'
import type { DraftChange } from '../draft/draft-change.ts'
import { TitleField } from './title-field.tsx'

const PUBLISH = [
  { key: 'prompt', name: 'MCP prompt', hint: 'Listed and served as a prompt.' },
  {
    key: 'tool',
    name: 'MCP tool',
    hint: 'Also offered as a tool of its own name, with the variables as its input.',
  },
  {
    key: 'skill',
    name: 'Agent Skill',
    hint: 'Also offered as instructions that agents keep at hand, over MCP and as a download. It needs a description.',
  },
] as const

const CONFIG_HINT = 'A JSON object, such as {"temperature": 0.2}. It goes along with the version.'
const DESCRIPTION_HINT = 'What it is for. Agents choose by it.'

type Details = Pick<Draft, 'title' | 'description' | 'config' | 'publish'>

/** The rest of a version: title (unless it stands elsewhere), description, publishing, configuration. */
export function DetailsPanel({
  draft,
  hasTitle,
  problems,
  onChange,
}: {
  draft: Details
  hasTitle: boolean
  problems: readonly Problem[]
  onChange: (change: DraftChange) => void
}) {
  const set = (fields: Partial<Details>) => onChange({ type: 'set', fields })
  const errorOf = (key: string) => problems.find(({ path }) => path[0] === key)?.message
  return (
    <section aria-labelledby="details-heading" className="flex flex-col gap-5">
      <h2 id="details-heading" className="font-serif text-xl">
        Details
      </h2>
      {hasTitle && (
        <TitleField title={draft.title} error={errorOf('title')} onChange={(title) => set({ title })} />
      )}
      <Field
        id="detail-description"
        label="Description"
        hint={DESCRIPTION_HINT}
        error={errorOf('description')}
      >
        <TextArea
          id="detail-description"
          value={draft.description}
          maxLength={DESCRIPTION_LENGTH}
          aria-describedby={describedBy('detail-description', DESCRIPTION_HINT, undefined)}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      <PublishBoxes
        publish={draft.publish}
        error={errorOf('publish')}
        onChange={(publish) => set({ publish })}
      />
      <ConfigField config={draft.config} error={errorOf('config')} onChange={(config) => set({ config })} />
    </section>
  )
}

function PublishBoxes({
  publish,
  error,
  onChange,
}: {
  publish: Draft['publish']
  error: string | undefined
  onChange: (publish: Draft['publish']) => void
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">Agents see it as</legend>
      {PUBLISH.map(({ key, name, hint }) => (
        <label key={key} className="flex min-h-8 items-start gap-2 py-1 text-sm">
          <input
            type="checkbox"
            checked={publish[key]}
            onChange={(event) => onChange({ ...publish, [key]: event.target.checked })}
            className="mt-0.5 size-4 accent-(--fill)"
          />
          <span>
            {name}
            <span className="block text-ink-faint text-xs">{hint}</span>
          </span>
        </label>
      ))}
      {error && <p className="text-rubric text-xs">{error}</p>}
    </fieldset>
  )
}

function ConfigField({
  config,
  error,
  onChange,
}: {
  config: string
  error: string | undefined
  onChange: (config: string) => void
}) {
  return (
    <Field id="detail-config" label="Configuration" hint={CONFIG_HINT} error={error}>
      <TextArea
        id="detail-config"
        value={config}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy('detail-config', CONFIG_HINT, error)}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
