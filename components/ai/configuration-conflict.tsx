'use client'

import { Button } from '#components/ui/button.tsx'
import type { AIConfiguration } from '#lib/ai/schema.ts'
import { cutText } from '#lib/text.ts'
import type { ConfigurationForm } from './use-configuration-form.ts'

const NAMES: Partial<Record<keyof AIConfiguration, string>> = {
  name: 'Name',
  provider: 'Provider',
  model: 'Model',
  base_url: 'Base URL',
  api: 'Interface',
  key: 'Key',
  max_tokens: 'Longest answer',
  temperature: 'Temperature',
  top_p: 'Top p',
  system_text: 'System text',
  input_price_per_million: 'Input price',
  output_price_per_million: 'Output price',
  requests_per_minute: 'Requests a minute',
  tokens_per_minute: 'Tokens a minute',
  monthly_token_quota: 'Tokens a month',
  monthly_cost_quota: 'Dollars a month',
  fallback: 'Fallback',
  active: 'Active',
}

/** Shows a concurrent change of this configuration, and asks whose change stays. */
export function ConfigurationConflict({ form }: { form: ConfigurationForm }) {
  const { base, theirs } = form
  if (base === undefined || theirs === undefined) return null
  const changed = Object.entries(NAMES).flatMap(([key, label]) => {
    const field = key as keyof AIConfiguration
    return base[field] === theirs[field] ? [] : [{ label, was: say(base[field]), is: say(theirs[field]) }]
  })
  return (
    <div role="alert" className="rounded-lg bg-rubric-wash p-4 text-sm">
      <p className="font-medium">Somebody changed it meanwhile</p>
      {changed.length === 0 ? (
        <p className="mt-2">Nothing that shows here: its key or a planned price, perhaps.</p>
      ) : (
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {changed.map(({ label, was, is }) => (
            <div key={label} className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-ink-soft">{label}</dt>
              <dd className="[overflow-wrap:anywhere]">
                <del>{was}</del> → <ins className="no-underline">{is}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onPress={form.keepMine}>Save what I changed</Button>
        <Button onPress={form.takeTheirs}>Take theirs</Button>
      </div>
    </div>
  )
}

function say(value: unknown): string {
  if (value === null || value === '') return 'none'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${cutText(text, 80)}…` : text
}
