import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import type { Prompt } from '#lib/prompts/schema.ts'

/** A saved version can be read and tried; the way back to writing. */
export function ReadOnlyNotice({ prompt: { name, version, latest_version: newest } }: { prompt: Prompt }) {
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-sunken px-4 py-2 text-sm">
      <p className="min-w-0 flex-1 basis-64">
        You are reading version {version}
        {version < newest ? ` of ${newest}` : ', the newest'}. A saved version never changes.
      </p>
      <Link href={`/playground?prompt=${name}&version=${version}`} className={buttonClass('quiet')}>
        Run it in the playground
      </Link>
      <Link href={`/prompts/${name}`} className={buttonClass('outline')}>
        To the editor
      </Link>
    </div>
  )
}
