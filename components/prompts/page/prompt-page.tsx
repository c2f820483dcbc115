import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import type { Prompt, UsedByPage, VersionPage } from '#lib/prompts/schema.ts'
import type { PromptSource as RenderSource } from '#lib/prompts/template/types.ts'
import { TestPanel } from '../test/test-panel.tsx'
import { PromptFacts } from './prompt-facts.tsx'
import { PromptSource } from './prompt-source.tsx'
import { Includes, UsedBy } from './relations.tsx'
import { VersionList } from './version-list.tsx'

export interface PromptPageProps {
  prompt: Prompt
  /** The label that was asked for and that no version has; the newest version is shown then. */
  lacks: string | undefined
  source: RenderSource
  versions: VersionPage
  usedBy: UsedByPage
}

/** A prompt to read, at the left, and to try, at the right. */
export function PromptPage({ prompt, lacks, source, versions, usedBy }: PromptPageProps) {
  const { name, version } = prompt
  const label = lacks === undefined ? prompt.label : null
  return (
    <>
      <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
        <div id="editor" className="min-w-0">
          <PromptSource prompt={prompt} lacks={lacks} />
        </div>
        <div className="min-w-0">
          {prompt.redacted_at === null && (
            <TestPanel
              draft={{ content: source.content, variables: source.variables }}
              saved={{ name, version, label, includes: source.includes }}
              isChanged={false}
            />
          )}
        </div>
      </div>
      <div className="mt-16 grid gap-x-12 gap-y-12 border-line border-t pt-10 lg:grid-cols-2">
        <VersionList name={prompt.name} versions={versions} shown={prompt.version} />
        <div className="flex min-w-0 flex-col gap-12">
          <Includes includes={prompt.includes} />
          <UsedBy page={usedBy} />
          <PromptFacts prompt={prompt} />
        </div>
      </div>
    </>
  )
}

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
