import Link from 'next/link'
import type { Generation } from '#lib/generations/schema.ts'

const LINK = 'rounded text-lapis underline underline-offset-2'

/** The remedies, by the kind of failure. */
const REMEDIES: Readonly<Record<string, string>> = {
  unauthorized: 'Check the key of the configuration in the settings, then retry.',
  missing_key: 'Give the configuration a key in the settings, then retry.',
  rate_limited: 'Wait a little and retry, or run it with another configuration.',
  overloaded: 'The provider has too much to do. Retry, or run it with another configuration.',
  limit_reached: 'Wait a little and retry, or raise the limit of the configuration in the settings.',
  quota_exceeded: 'Raise the quota of the configuration in the settings, or run it with another one.',
  timeout: 'Retry, or run it with a faster configuration.',
  unreachable: 'Check the address of the configuration in the settings, and whether the provider is up.',
  breaker_open: 'The provider failed several times in a row and is left alone for a while. Retry later.',
  blocked_address: 'The address of the configuration is not one that this server may call.',
  refused_request: 'The provider did not take the request: check model and settings of the configuration.',
  too_large: 'Shorten the prompt or its values, or run it with a configuration that takes more.',
}
const ELSE = 'Retry, or run it with another configuration.'

/** Stands in the place of a missing answer: the reason, and the remedy. */
export function FailedAnswer({ error }: { error: NonNullable<Generation['error']> }) {
  return (
    <section
      aria-labelledby="failed-heading"
      className="rounded-xl border border-rubric/40 bg-rubric-wash px-4 py-5 sm:px-6"
    >
      <h2 id="failed-heading" className="font-serif text-xl">
        It failed
      </h2>
      <p className="mt-2 text-sm [overflow-wrap:anywhere]">
        {error.message} <code className="font-mono text-ink-soft text-xs">{error.code}</code>
      </p>
      <p className="mt-2 text-ink-soft text-sm">
        {REMEDIES[error.code] ?? ELSE}{' '}
        <Link href="/settings/ai" className={LINK}>
          To the configurations
        </Link>
      </p>
    </section>
  )
}
