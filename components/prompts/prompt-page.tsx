import type { Prompt, UsedByPage, VersionPage } from '#lib/prompts/schema.ts'
import type { PromptSource as RenderSource } from '#lib/prompts/template/types.ts'
import type { CategoryFacts } from './facts.ts'
import { PromptFacts } from './prompt-facts.tsx'
import { PromptHeader } from './prompt-header.tsx'
import { PromptSource } from './prompt-source.tsx'
import { Includes, UsedBy } from './relations.tsx'
import { TestRender } from './test-render.tsx'
import { VersionList } from './version-list.tsx'

export interface PromptPageProps {
  prompt: Prompt
  /** The label that was asked for and that no version has; the newest version is shown then. */
  lacks: string | undefined
  source: RenderSource
  versions: VersionPage
  usedBy: UsedByPage
  category: CategoryFacts | undefined
}

/** A prompt to read, at the left, and to try, at the right. */
export function PromptPage({ prompt, lacks, source, versions, usedBy, category }: PromptPageProps) {
  const target =
    prompt.label === null || lacks !== undefined
      ? { name: prompt.name, version: prompt.version }
      : { name: prompt.name, label: prompt.label }
  return (
    <>
      <PromptHeader prompt={prompt} category={category} />
      <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
        <div className="min-w-0">
          <PromptSource prompt={prompt} lacks={lacks} />
        </div>
        <div id="try" className="min-w-0">
          {prompt.redacted_at === null && <TestRender target={target} source={source} />}
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
