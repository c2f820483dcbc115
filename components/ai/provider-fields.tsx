'use client'

import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { formatDay } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { MODEL_LENGTH, URL_LENGTH } from '#lib/ai/rules.ts'
import type { Catalogue, CatalogueModel, CatalogueProvider } from '#lib/ai/schema.ts'
import { modelChange, providerChange } from './configuration-form.ts'
import { KeyField } from './key-field.tsx'
import type { ConfigurationForm } from './use-configuration-form.ts'
import { formatDollars, formatSize } from './words.ts'

const API_NAMES = { responses: 'Responses', chat_completions: 'Chat Completions' } as const

/** The provider and its fields: the provider decides which others there are. */
export function ProviderFields({ form, catalogue }: { form: ConfigurationForm; catalogue: Catalogue }) {
  const { id, values, provider } = form
  const known = provider?.models.find(({ model }) => model === values.model.trim())
  return (
    <>
      <ProviderChoice form={form} catalogue={catalogue} />
      <TextField
        form={form}
        field="model"
        label="Model"
        list={`${id}-models`}
        maxLength={MODEL_LENGTH}
        hint={
          known ? modelFacts(known, catalogue.as_of) : 'As the provider calls it; any model can be named.'
        }
        change={(model) => modelChange(values.provider, model, catalogue)}
      />
      <datalist id={`${id}-models`}>
        {provider?.models.map(({ model }) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </datalist>
      {provider && provider.key !== 'none' && <KeyField form={form} provider={provider} />}
      {provider && provider.base_url !== 'none' && <BaseUrl form={form} provider={provider} />}
      {provider && provider.apis.length > 1 && <Interface form={form} provider={provider} />}
    </>
  )
}

function ProviderChoice({ form, catalogue }: { form: ConfigurationForm; catalogue: Catalogue }) {
  const { id, values, provider } = form
  return (
    <div className="flex flex-col gap-1.5">
      <span id={`${id}-provider-label`} className="font-medium text-sm">
        Provider
      </span>
      <Select
        id={`${id}-provider`}
        aria-labelledby={`${id}-provider-label`}
        choices={catalogue.providers.map((each) => ({ id: each.id, label: each.title }))}
        value={values.provider}
        onChange={(chosen) => form.set(providerChange(chosen, catalogue))}
      />
      {form.faults.provider && <p className="text-rubric text-xs">{form.faults.provider}</p>}
      {provider?.note && <p className="text-ink-soft text-xs">{provider.note}</p>}
    </div>
  )
}

interface OfProvider {
  form: ConfigurationForm
  provider: CatalogueProvider
}

function BaseUrl({ form, provider }: OfProvider) {
  return (
    <TextField
      form={form}
      field="base_url"
      label="Base URL"
      type="url"
      maxLength={URL_LENGTH}
      placeholder={provider.usual_base_url ?? 'http://127.0.0.1:11434/v1'}
      hint={
        provider.base_url === 'required'
          ? 'Where the server is, with its version: …/v1.'
          : 'Empty: the provider’s own.'
      }
    />
  )
}

function Interface({ form, provider }: OfProvider) {
  return (
    <SelectField
      form={form}
      field="api"
      label="Interface"
      choices={[
        { id: '', label: `Usual (${API_NAMES[provider.apis[0] ?? 'responses']})` },
        ...provider.apis.map((each) => ({ id: each, label: API_NAMES[each] })),
      ]}
    />
  )
}

function modelFacts(model: CatalogueModel, asOf: string): string {
  const { context_tokens: context, output_tokens: output, input_price_per_million: price } = model
  const facts = [
    ...(context === null ? [] : [`${formatSize(context)} tokens of context`]),
    ...(output === null ? [] : [`up to ${formatSize(output)} out`]),
    ...(price === null || model.output_price_per_million === null
      ? []
      : [`${formatDollars(price)} in, ${formatDollars(model.output_price_per_million)} out a million`]),
  ]
  return facts.length === 0 ? 'In the catalogue.' : `${facts.join(' · ')} (as of ${formatDay(asOf)})`
}
