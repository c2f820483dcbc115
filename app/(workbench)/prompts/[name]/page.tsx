import type { Metadata } from 'next'
import { Editor } from '#components/prompts/editor/editor.tsx'
import { ArchivedPrompt } from '#components/prompts/page/archived-prompt.tsx'
import { LongEditor, LongVersion } from '#components/prompts/page/long-pages.tsx'
import { PromptPage as PromptView, ReadOnlyNotice } from '#components/prompts/page/prompt-page.tsx'
import { PromptSheet } from '#components/prompts/page/prompt-sheet.tsx'
import { Includes, UsedBy } from '#components/prompts/page/relations.tsx'
import { listUsedBy } from '#lib/prompts/operations/list-used-by.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import { getRenderSource } from '#lib/prompts/operations/runs/get-render-source.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { fittingPage, isLongPrompt, longPrompt } from '../../long-page.ts'
import { readForPage } from '../../read.ts'
import { findArchived, readPrompt, readSelector } from './read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

async function read({ params, searchParams }: Props) {
  const { name } = await params
  return readPrompt(name, readSelector(await searchParams))
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const archived = await findArchived((await props.params).name)
  if (archived) return { title: `${archived.title || archived.name} (archived)` }
  const { prompt } = await read(props)
  return { title: prompt.title || prompt.name, description: prompt.description }
}

export default async function PromptPage(props: Props) {
  const archived = await findArchived((await props.params).name)
  if (archived) return <ArchivedPrompt prompt={archived} />
  const { prompt, lacks } = await read(props)
  const { name, version } = prompt
  const [source, usedBy] = await readForPage((actor) =>
    Promise.all([getRenderSource(actor, { name, version }), listUsedBy(actor, { name, limit: 50 })]),
  )
  const { label, version: asked } = readSelector(await props.searchParams)
  const isNewest = label === undefined && asked === undefined
  const about = isLongPrompt(prompt, source.includes) ? longPrompt(prompt, isNewest) : undefined
  if (isNewest) return <NewestPrompt prompt={prompt} source={source} usedBy={usedBy} about={about} />
  const versions = await readForPage((actor) =>
    fittingPage(20, (limit) => listVersions(actor, { name, limit })),
  )
  if (about !== undefined)
    return (
      <>
        <ReadOnlyNotice prompt={prompt} />
        <LongVersion about={about} lacks={lacks} versions={versions} usedBy={usedBy} />
      </>
    )
  return (
    <>
      <div className="print:hidden">
        <ReadOnlyNotice prompt={prompt} />
        <PromptView prompt={prompt} lacks={lacks} source={source} versions={versions} usedBy={usedBy} />
      </div>
      <PromptSheet prompt={prompt} />
    </>
  )
}

/** The newest version, in the editor. */
function NewestPrompt({
  prompt,
  source,
  usedBy,
  about,
}: {
  prompt: Prompt
  source: Awaited<ReturnType<typeof getRenderSource>>
  usedBy: Awaited<ReturnType<typeof listUsedBy>>
  /** Set when the texts are too long to come with the page. */
  about: ReturnType<typeof longPrompt> | undefined
}) {
  const { name } = prompt
  const relations = (
    <>
      <Includes includes={prompt.includes} />
      <UsedBy page={usedBy} />
    </>
  )
  if (about !== undefined)
    return (
      <LongEditor key={name} about={about}>
        {relations}
      </LongEditor>
    )
  return (
    <>
      <div className="print:hidden">
        <Editor key={name} prompt={prompt} includes={source.includes}>
          {relations}
        </Editor>
      </div>
      <PromptSheet prompt={prompt} />
    </>
  )
}
