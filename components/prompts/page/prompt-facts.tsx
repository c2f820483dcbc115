import type { ReactNode } from 'react'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { skillName } from '#lib/prompts/rules.ts'
import type { Prompt } from '#lib/prompts/schema.ts'

const DIGITS_SHOWN = 12

/** The other facts of the shown version: author, publishing, checksum, configuration. */
export function PromptFacts({ prompt }: { prompt: Prompt }) {
  const { name, version, author, publish, checksum, config, version_created_at: at } = prompt
  return (
    <section aria-labelledby="facts-heading" className="min-w-0">
      <h2 id="facts-heading" className="mb-3 font-serif text-xl">
        Version {version}
      </h2>
      <dl className="divide-y divide-line border-line border-y text-sm">
        <Fact name="Saved">
          {formatMoment(at)} by {author.display}
        </Fact>
        <Fact name="Agents see it as">{publishedAs(publish)}</Fact>
        {publish.skill && (
          <Fact name="Skill">
            <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <code className="font-mono">{skillName(name)}</code>
              <a
                href={`/api/prompts/${name}/skill?version=${version}`}
                download
                className="text-lapis underline underline-offset-2"
              >
                Download the skill
              </a>
            </span>
          </Fact>
        )}
        <Fact name="Checksum">
          <span className="flex items-center gap-1">
            <code title={checksum} className="font-mono">
              {checksum.slice(0, DIGITS_SHOWN)}…
            </code>
            <CopyButton name="Copy the checksum" text={checksum} />
          </span>
        </Fact>
        {Object.keys(config).length > 0 && (
          <Fact name="Configuration">
            <pre className="overflow-x-auto font-mono text-xs">{JSON.stringify(config, null, 2)}</pre>
          </Fact>
        )}
      </dl>
    </section>
  )
}

const WAYS = new Intl.ListFormat('en')

function publishedAs({ prompt, tool, skill }: Prompt['publish']): string {
  const ways = [
    ...(prompt ? ['an MCP prompt'] : []),
    ...(tool ? ['an MCP tool'] : []),
    ...(skill ? ['an Agent Skill'] : []),
  ]
  return ways.length === 0 ? 'nothing: it is rendered by name alone' : WAYS.format(ways)
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] items-center gap-3 py-2.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
