import { Messages } from '#components/prompts/message-parts.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import type { Generation } from '#lib/generations/schema.ts'
import { formatCost } from '../format-generation.ts'
import { type Fact, FactList } from './generation-facts.tsx'

/** The messages as the model got them. */
export function SentMessages({ generation }: { generation: Pick<Generation, 'messages' | 'is_rendered'> }) {
  const { messages, is_rendered: isRendered } = generation
  if (!isRendered) return <NotRendered />
  return (
    <section aria-labelledby="sent-heading">
      <div className="mb-3 flex min-h-8 items-center justify-between gap-3">
        <h2 id="sent-heading" className="font-serif text-xl">
          What was sent
        </h2>
        <CopyButton name="Copy the messages as JSON" text={JSON.stringify(messages, null, 2)} />
      </div>
      <div className="rounded-xl border border-line bg-surface px-4 py-5 sm:px-6">
        <Messages
          messages={messages}
          renderText={(text) => (
            <pre className="whitespace-pre-wrap font-mono text-sm leading-[1.7] [overflow-wrap:anywhere]">
              {text}
            </pre>
          )}
        />
      </div>
    </section>
  )
}

/** One of a batch that waits, or that ended before its turn came. */
function NotRendered() {
  return (
    <section aria-labelledby="sent-heading">
      <h2 id="sent-heading" className="mb-3 font-serif text-xl">
        What was sent
      </h2>
      <p className="text-ink-soft text-sm">
        Nothing yet: a prompt of a batch is rendered when its turn comes.
      </p>
    </section>
  )
}

/** The values that the prompt was filled with. */
export function SentValues({ variables }: { variables: Generation['variables'] }) {
  const names = Object.keys(variables)
  return (
    <section aria-labelledby="values-heading">
      <h2 id="values-heading" className="mb-3 font-serif text-xl">
        Values
      </h2>
      {names.length === 0 ? (
        <p className="text-ink-soft text-sm">It was run without values.</p>
      ) : (
        <dl className="divide-y divide-line border-line border-y">
          {names.map((name) => (
            <div key={name} className="py-2">
              <dt className="break-all font-mono text-ink-faint text-xs">{name}</dt>
              <dd className="mt-0.5 max-h-40 overflow-y-auto whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">
                {valueText(variables[name])}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The configuration that was asked for, as it was then. */
export function SentConfiguration({
  configuration,
}: {
  configuration: Generation['configuration_as_it_was']
}) {
  const { name, provider, model, base_url, api, max_tokens, temperature, top_p, system_text } = configuration
  const { input_price_per_million: input, output_price_per_million: output } = configuration
  const facts: Fact[] = [
    { name: 'Name', value: <span className="font-mono text-[0.8125rem]">{name}</span> },
    { name: 'Provider', value: provider },
    { name: 'Model', value: model },
    ...given('Address', base_url),
    ...given('Interface', api),
    ...given('Most tokens', max_tokens),
    ...given('Temperature', temperature),
    ...given('Top-p', top_p),
    ...given('System text', system_text),
    ...(input === null && output === null
      ? []
      : [{ name: 'Price', value: `${formatCost(input)} in, ${formatCost(output)} out, a million tokens` }]),
  ]
  return (
    <section aria-labelledby="configuration-heading">
      <h2 id="configuration-heading" className="mb-3 font-serif text-xl">
        Configuration as it was
      </h2>
      <FactList facts={facts} />
    </section>
  )
}

/** The settings of the call, and the unused parts of the version's config, with the reason. */
export function SentSettings({ settings: { used, ignored } }: { settings: Generation['settings'] }) {
  const facts = Object.entries(used).map(
    ([name, value]): Fact => ({
      name: SETTING_NAMES[name] ?? name,
      value: (
        <span className="line-clamp-6 whitespace-pre-wrap" title={jsonOf(value)}>
          {settingText(name, value)}
        </span>
      ),
    }),
  )
  return (
    <section aria-labelledby="settings-heading">
      <h2 id="settings-heading" className="mb-3 font-serif text-xl">
        How it was asked
      </h2>
      <FactList facts={facts} />
      {ignored.length > 0 && (
        <ul aria-label="What the version says and was not used" className="mt-3 flex flex-col gap-1 text-sm">
          {ignored.map(({ setting, reason }) => (
            <li key={`${setting} ${reason}`} className="rounded-md bg-sunken px-3 py-2">
              <strong className="font-medium">
                {SETTING_NAMES[setting] ?? setting} was not used as it stands.
              </strong>{' '}
              <span className="text-ink-soft">{reason}.</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const SETTING_NAMES: Readonly<Record<string, string>> = {
  model: 'Model',
  temperature: 'Temperature',
  top_p: 'Top-p',
  max_tokens: 'Most tokens',
  stop: 'Stops at',
  response_format: 'Answer as',
  tools: 'Tools',
}

/** A setting in few words: the names of tools, the kind of answer. */
function settingText(name: string, value: unknown): string {
  const named = (each: unknown) =>
    typeof each === 'object' && each !== null && 'name' in each ? String(each.name) : jsonOf(each)
  if (Array.isArray(value)) return value.map(named).join(', ')
  if (name === 'response_format' && typeof value === 'object' && value !== null && 'type' in value)
    return value.type === 'json_schema' ? `JSON by the schema ${named(value)}` : String(value.type)
  return typeof value === 'string' ? value : jsonOf(value)
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value)
}

function given(name: string, value: string | number | null): Fact[] {
  return value === null ? [] : [{ name, value: <span className="whitespace-pre-wrap">{value}</span> }]
}
