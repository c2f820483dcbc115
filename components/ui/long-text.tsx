import { Button } from './button.tsx'

/** In the place of a text that is too long to come with its page, while the browser reads it. */
export function LongText({
  what,
  excerpt,
  href,
  failure,
  onRetry,
}: {
  /** "This prompt", "This generation". */
  what: string
  /** How it begins. */
  excerpt: string
  /** Where all of it can be had as a file. */
  href: string
  /** Why it could not be read. */
  failure: string | undefined
  onRetry: () => void
}) {
  return (
    <section aria-label="The text, loading">
      <output className="mb-3 block rounded-lg bg-lapis-wash px-4 py-2 text-sm">
        {failure === undefined
          ? `${what} is too long to come with the page. It begins like this; all of it is being loaded.`
          : `${what} is too long to come with the page, and could not be loaded: ${failure}`}{' '}
        <a href={href} download className="text-lapis underline underline-offset-2">
          Download it
        </a>
      </output>
      {failure !== undefined && <Button onPress={onRetry}>Try again</Button>}
      <pre className="whitespace-pre-wrap rounded-xl border border-line bg-surface px-4 py-5 font-mono text-sm [overflow-wrap:anywhere] sm:px-6">
        {excerpt}
      </pre>
    </section>
  )
}
