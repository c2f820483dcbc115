import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { configurationKeys, OTHER_NAMES } from '../../lib/config/environment.ts'
import { Config } from '../../lib/config/schema.ts'
import { ROOT } from '../site/sources.ts'
import { type Block, readBlocks } from './blocks.ts'

/* What can be said of examples without running them; e2e/protocol/documented-examples.test.ts runs them. */

const BLOCKS = readBlocks()
const of = (language: string) =>
  BLOCKS.filter((block) => block.language === language).map((block) => [block.place, block] as const)

/** Each is run, parsed or rendered by a test, which says here where. */
const LANGUAGES = new Set([
  'sh', // documented-examples.test.ts
  'ts', // documented-examples.test.ts; parsed here
  'json',
  'yaml',
  'toml',
  'env',
  'nginx', // e2e/full/documented-nginx.test.ts
  'sql', // documented-sql.integration.test.ts
  'liquid', // lib/prompts/template/documentation.test.ts
  'text', // output of the example above it, in templates.md
  'mermaid', // site.test.ts
])

/** Variables of the pipelines that webhooks start. */
const OF_GIT_HOSTS = ['INCIPIT_EVENT', 'INCIPIT_PAYLOAD']
/** What client/environment.ts reads besides. */
const OF_THE_CLIENT = ['INCIPIT_API_KEY', 'INCIPIT_PROFILE']

/** Examples that no test can run; each has a reason, and there are few. */
const MOST_NOT_RUN = 40

it('every example says in which language it is, and tests know what to do with it', () => {
  // What a program prints has no language.
  const unknown = BLOCKS.filter(({ language }) => language !== '' && !LANGUAGES.has(language))
  expect(unknown.map(({ place, language }) => [place, language])).toEqual([])
})

it('few examples are not run, and each says why', () => {
  const notRun = BLOCKS.filter(({ marks }) => marks.has('no-run'))
  expect(notRun.filter(({ reason }) => reason === undefined).map(({ place }) => place)).toEqual([])
  expect(notRun.length).toBeGreaterThan(0)
  expect(notRun.length).toBeLessThanOrEqual(MOST_NOT_RUN)
})

it.each(of('json'))('%s is JSON', (_, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow()
})

const CONFIGURATIONS = of('json').filter(([, { marks }]) => marks.has('config'))
it.each(CONFIGURATIONS)('%s is a configuration', (_, { text }) => {
  expect(Config.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([])
})

it.each(of('yaml'))('%s is YAML, and its services are all there', (_, { text }) => {
  const file: { services?: Record<string, { depends_on?: string[] }> } = parseYaml(text)
  expect(Object.keys(file)).not.toEqual([])
  const names = Object.keys(file.services ?? {})
  for (const { depends_on: needed = [] } of Object.values(file.services ?? {}))
    expect(names).toEqual(expect.arrayContaining(needed))
})

it.each(of('toml'))('%s is TOML', (_, { text }) => {
  expect(Object.keys(parseToml(text))).not.toEqual([])
})

it.each(of('ts'))('%s is TypeScript', (_, { text }) => {
  expect(() => stripTypeScriptTypes(text)).not.toThrow()
})

it.each(of('env'))('%s sets what there is', (_, { text }) => {
  for (const line of text.split('\n')) expect(line).toMatch(/^[A-Z_]+=\S+$/)
})

it('names variables that there are', () => {
  const known = new Set([
    ...configurationKeys().flatMap(({ names }) => names),
    ...OTHER_NAMES,
    ...OF_THE_CLIENT,
    ...OF_GIT_HOSTS,
  ])
  const named = (block: Block) => block.text.match(/\bINCIPIT_[A-Z_]+\b/g) ?? []
  for (const block of BLOCKS)
    for (const name of named(block))
      expect([block.place, name, known.has(name)]).toEqual([block.place, name, true])
})

it('names scripts of npm that there are', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
  )
  const named = BLOCKS.flatMap(({ place, text }) =>
    [...text.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => [place, name] as const),
  )
  expect(named.length).toBeGreaterThan(3)
  for (const [place, name] of named) expect([place, name, name in scripts]).toEqual([place, name, true])
})
