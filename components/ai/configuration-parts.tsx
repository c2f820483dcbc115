'use client'

import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import type { AIConfiguration } from '#lib/ai/schema.ts'
import type { NumberField } from './configuration-form.ts'
import { PriceHistory } from './price-history.tsx'
import type { ConfigurationForm } from './use-configuration-form.ts'

interface PartProps {
  form: ConfigurationForm
}

/** Fields that are folded away while nothing stands in them. */
function Part({ title, isOpen, children }: { title: string; isOpen: boolean; children: ReactNode }) {
  return (
    <details open={isOpen} className="group border-line border-t pt-3">
      <summary className="flex min-h-8 cursor-pointer list-none items-center gap-2 rounded font-medium text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 text-ink-faint group-open:rotate-90" />
        {title}
      </summary>
      <div className="grid gap-x-5 gap-y-4 pt-3 pb-1 sm:grid-cols-2">{children}</div>
    </details>
  )
}

/** One number of the form; empty means none. */
function FormNumber(props: PartProps & { field: NumberField; label: string; aside?: string; hint?: string }) {
  return <TextField {...props} inputMode="decimal" placeholder="none" className="tabular-nums" />
}

/** The settings of every answer. */
export function AnswerFields({ form }: PartProps) {
  const { max_tokens, temperature, top_p, system_text } = form.base ?? {}
  const isOpen = [max_tokens, temperature, top_p, system_text].some((value) => (value ?? null) !== null)
  return (
    <Part title="Answers" isOpen={isOpen}>
      <FormNumber
        form={form}
        field="max_tokens"
        label="Longest answer"
        hint="In tokens; also what a call sets aside."
      />
      <FormNumber form={form} field="temperature" label="Temperature" hint="0 to 2; some models take none." />
      <FormNumber form={form} field="top_p" label="Top p" hint="Above 0, up to 1." />
      <div className="sm:col-span-2">
        <TextField
          form={form}
          field="system_text"
          label="System text"
          rows={2}
          hint="Goes before every system message of a prompt."
        />
      </div>
    </Part>
  )
}

/** The prices of a million tokens. */
export function PriceFields({ form }: PartProps) {
  return (
    <Part title="Prices" isOpen={form.base === undefined || form.base.input_price_per_million !== null}>
      <FormNumber
        form={form}
        field="input_price_per_million"
        label="Input price"
        aside="$ a million tokens"
      />
      <FormNumber
        form={form}
        field="output_price_per_million"
        label="Output price"
        aside="$ a million tokens"
      />
      <TextField
        form={form}
        field="prices_from"
        type="date"
        label="Valid from"
        hint="Empty: from now on. A later day (UTC) plans these prices. Calls keep the price of their time."
      />
      <PriceHistory form={form} />
      <p className="text-ink-faint text-xs sm:col-span-2">
        Taken over from the catalogue when you choose a model; check them with your provider. Without both,
        costs are unknown and a cost quota holds nothing back.
      </p>
    </Part>
  )
}

/** How much it may be used. */
export function LimitFields({ form }: PartProps) {
  const { requests_per_minute, tokens_per_minute, monthly_cost_quota, monthly_token_quota } = form.base ?? {}
  const limits = [requests_per_minute, tokens_per_minute, monthly_cost_quota, monthly_token_quota]
  return (
    <Part title="Limits and quotas" isOpen={limits.some((value) => (value ?? null) !== null)}>
      <FormNumber form={form} field="requests_per_minute" label="Requests a minute" />
      <FormNumber form={form} field="tokens_per_minute" label="Tokens a minute" />
      <FormNumber form={form} field="monthly_cost_quota" label="Dollars a month" />
      <FormNumber form={form} field="monthly_token_quota" label="Tokens a month" />
    </Part>
  )
}

/** The fallback. */
export function FallbackField({ form, all }: PartProps & { all: readonly AIConfiguration[] }) {
  const choices = all.filter(({ name }) => name !== form.base?.name)
  if (choices.length === 0) return null
  return (
    <SelectField
      form={form}
      field="fallback"
      label="Fallback"
      hint="Asked when this one fails or has no room left."
      choices={[
        { id: '', label: 'None' },
        ...choices.map(({ name, model }) => ({ id: name, label: name, hint: model })),
      ]}
    />
  )
}
