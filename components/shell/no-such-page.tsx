import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { FIELD_CLASS } from '#components/ui/field.tsx'
import { cutText } from '#lib/text.ts'
import { WaysOn } from './ways-on.tsx'

/**
 * An address that leads nowhere: search for its words, or go on from where one was. Every page loads what this is made of, so
 * it is made on the server, of a form as browsers have it.
 * @param props.path the address; left out where it is the page's own, and names something that there is not
 */
export function NoSuchPage({ path }: { path?: string | undefined }) {
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated font-serif text-4xl tracking-tight sm:text-5xl">Nothing is here</h1>
      <p className="max-w-prose break-words text-ink-soft">
        {path === undefined ? (
          'What this address names is not there.'
        ) : (
          <>
            <code className="break-all font-mono text-ink text-sm">{path}</code> is no page of Incipit.
          </>
        )}{' '}
        It may be a prompt that was renamed or archived: search for it.
      </p>
      <form action="/prompts" className="flex w-full max-w-md flex-wrap gap-2">
        <input
          type="search"
          name="q"
          aria-label="Search the prompts"
          defaultValue={wordsOf(path)}
          maxLength={200}
          className={classNames(FIELD_CLASS, 'h-9 min-w-0 flex-1 basis-48')}
        />
        <button type="submit" className={classNames(buttonClass('primary'), 'h-9')}>
          Search
        </button>
      </form>
      <WaysOn />
    </div>
  )
}

/** `/prompt/api-design/` was probably about `api design`. */
function wordsOf(path = ''): string {
  const last = path.split('/').findLast((part) => part !== '') ?? ''
  try {
    return cutText(decodeURIComponent(last).replaceAll(/[_-]+/g, ' '), 200).trim()
  } catch {
    return ''
  }
}
