import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor } from './access/actor.ts'
import { SCOPES } from './access/rules.ts'
import { createConfiguration } from './ai/operations/create-configuration.ts'
import { RequestRecord } from './door/message.ts'
import type { Download } from './download.ts'
import { isAppError } from './errors.ts'
import { setJobSender } from './jobs.ts'
import { NOT_UNDER_A_PIN } from './keys/rules.ts'
import type { Caller } from './mcp/caller.ts'
import { runMethod } from './mcp/methods.ts'
import { createVersion } from './prompts/operations/create-version.ts'
import { createExample } from './prompts/operations/examples/create-example.ts'
import { ROUTES } from './rest/table.ts'
import { makeCategory, makePrompt } from './testing/factories.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from './testing/runtime.ts'

/*
 * Reads everything that somebody may read who is pinned to a label, by REST and by MCP: nothing that the label does
 * not name may come back, whatever is asked for.
 */

/** Stands in everything that the label does not name. */
const MARK = 'unreleased'

let app: TestRuntime
let pinned: Actor
beforeAll(async () => {
  app = await testRuntime()
  const owner = () => app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await createConfiguration(owner(), { name: 'echo', provider: 'echo', model: 'echo-fast' })
  const category = (await makeCategory(owner(), { slug: 'shelf' })).slug
  const text = { template_content: 'Hello {{ who }}.', category, tags: ['open'] }
  const greeting = await makePrompt(owner(), {
    ...text,
    name: 'greeting',
    publish: { prompt: true, tool: true, skill: true },
    description: 'Greets',
  })
  await createVersion(owner(), {
    name: 'greeting',
    if_match: greeting.etag,
    template_content: `${MARK} {{ who }} {{ ${MARK} }}`,
    title: MARK,
    description: MARK,
    message: MARK,
    config: { model: MARK },
    labels: [`${MARK}-label`],
  })
  await createExample(owner(), { prompt: 'greeting', name: MARK, values: { who: MARK } })
  await makePrompt(owner(), {
    name: `${MARK}_prompt`,
    ...text,
    tags: [MARK],
    labels: ['staging'],
    description: MARK,
    publish: { skill: true },
  })
  await makePrompt(owner(), {
    name: `${MARK}_user`,
    template_content: '{% render "greeting", who: "x" %}',
    labels: ['staging'],
  })
  pinned = actorLike(owner(), {
    label: 'production',
    scopes: new Set(SCOPES.filter((scope) => !NOT_UNDER_A_PIN.includes(scope))),
    credential: { kind: 'key', id: 'k', personActorId: null },
  })
})
afterAll(() => app.close())

type Input = Record<string, unknown>

const PROMPT = { name: 'greeting' }
const HIDDEN = { name: `${MARK}_prompt` }
const values = { who: 'x' }
const OTHERS = [{ label: 'latest' }, { label: `${MARK}-label` }, { version: 2 }]
const chosen = (input: Input) => [input, ...OTHERS.map((other) => ({ ...input, ...other }))]
const draft = (ref: string) => ({ template_content: `{% render "${ref}", who: "x" %}` })

const EXPORTS = [
  {},
  { versions: 'all' },
  { label: 'latest', versions: 'all' },
  { label: `${MARK}-label` },
  { prompt: ['greeting', `${MARK}_prompt`] },
  { prompt: [`${MARK}_user`] },
  { includes: 'true' },
  { includes: 'true', versions: 'all', label: 'staging' },
]

/** What is asked of each route; the other routes are refused to such an actor. */
const ASKED: Readonly<Record<string, Input[]>> = {
  listPrompts: [{}, { q: MARK }, { q: 'hello' }, { label: 'staging' }, { archived: 'true' }, { tag: MARK }],
  getPrompt: [...chosen(PROMPT), HIDDEN],
  getLangfusePrompt: [...chosen(PROMPT), HIDDEN],
  listLangfusePrompts: [
    {},
    { label: 'staging' },
    { label: 'latest' },
    { name: `${MARK}_prompt` },
    { tag: MARK },
  ],
  getLangfuseHealth: [{}],
  getSkill: [...chosen(PROMPT), HIDDEN].map((input) => ({ ...input, format: 'json' })),
  listUsedBy: [PROMPT, HIDDEN],
  listTags: [{}],
  listVersions: [PROMPT, HIDDEN],
  getVersion: [
    { ...PROMPT, version: 1 },
    { ...PROMPT, version: 2 },
    { ...HIDDEN, version: 1 },
  ],
  diffVersions: [
    { ...PROMPT, from: 1, to: 2 },
    { ...PROMPT, from: 'production', to: 'latest' },
    { ...PROMPT, from: 1, to: 1 },
  ],
  listLabels: [PROMPT, HIDDEN],
  listExamples: [PROMPT, HIDDEN],
  renderPromptByQuery: [...chosen({ ...PROMPT, variables: values }), { ...HIDDEN, variables: values }],
  renderPrompt: [...chosen({ ...PROMPT, variables: values }), { ...HIDDEN, variables: values }],
  renderDraft: ['greeting', 'greeting@2', `${MARK}_prompt`, `${MARK}_prompt@1`].map(draft),
  reportUses: [
    {
      uses: ['greeting', `${MARK}_prompt`, 'nobody'].map((prompt) => ({
        prompt,
        version: 1,
        label: 'staging',
      })),
    },
  ],
  listCategories: [{}],
  exportPrompts: EXPORTS,
  exportChosenPrompts: EXPORTS,
  countExport: EXPORTS,
  reportOutcome: [{ receipt: 'x'.repeat(119), outcome: 'success' }],
  withdrawOutcome: [{ id: '00000000-0000-7000-8000-000000000000' }],
  requestGeneration: [
    ...chosen({ prompt: 'greeting', variables: values }),
    { prompt: 'greeting', draft: draft('greeting@2') },
  ],
  requestGenerationBatch: chosen({ prompt: 'greeting', inputs: [{ variables: values }] }),
}

const TOOLS: [string, Input][] = [
  ['search_prompts', { query: MARK }],
  ['search_prompts', { query: 'hello', label: 'staging' }],
  ['list_categories', {}],
  ['report_outcome', { receipt: 'x'.repeat(119), outcome: 'success' }],
  ...['greeting', `${MARK}_prompt`].flatMap((template_name): [string, Input][] =>
    chosen({ template_name }).flatMap((input): [string, Input][] => [
      ['get_prompt', input],
      ['render_prompt', { ...input, variables: values }],
      ['generate', { ...input, variables: values, wait_seconds: 0 }],
    ]),
  ),
  ['greeting', values],
]

const COMPLETIONS: Input[] = [
  { ref: { type: 'ref/prompt', name: 'greeting' }, argument: { name: 'who', value: '' } },
  { ref: { type: 'ref/resource', uri: 'prompt://{name}' }, argument: { name: 'name', value: '' } },
  {
    ref: { type: 'ref/resource', uri: 'prompt://{name}/versions/{version}' },
    argument: { name: 'version', value: '' },
    context: { arguments: { name: 'greeting' } },
  },
]

const METHODS: [string, Input][] = [
  ['prompts/list', {}],
  ['tools/list', {}],
  ['resources/list', {}],
  ['prompts/get', { name: 'greeting', arguments: values }],
  ['prompts/get', { name: `${MARK}_prompt`, arguments: values }],
  ...['greeting', 'greeting/versions/1', 'greeting/versions/2', `${MARK}_prompt`].map(
    (path): [string, Input] => ['resources/read', { uri: `prompt://${path}` }],
  ),
  ['resources/read', { uri: 'category://shelf' }],
  ['skills/list', {}],
  ...['greeting', `${MARK}-prompt`].flatMap((skill): [string, Input][] => [
    ['skills/get', { uri: `skill://${skill}/SKILL.md` }],
    ['resources/read', { uri: `skill://${skill}/SKILL.md` }],
    ['resources/directory/read', { uri: `skill://${skill}` }],
  ]),
  ...COMPLETIONS.map((params): [string, Input] => ['completion/complete', params]),
  ...TOOLS.map(([name, args]): [string, Input] => ['tools/call', { name, arguments: args }]),
]

/** Everything that a caller is told: the answer, or all parts of the refusal. */
async function told(call: () => Promise<unknown>): Promise<string> {
  try {
    const answer = await call()
    return isDownload(answer) ? await unpacked(answer) : (JSON.stringify(answer) ?? '')
  } catch (error) {
    if (isAppError(error)) return JSON.stringify([error.code, error.message, error.details, error.extra])
    if (error instanceof Error) return JSON.stringify([error.message, Reflect.get(error, 'data')])
    throw error
  }
}

function isDownload(answer: unknown): answer is Download {
  return typeof answer === 'object' && answer !== null && 'start' in answer && 'fileName' in answer
}

/** The texts in a zip that is sent. */
async function unpacked({ start }: Download): Promise<string> {
  const parts: Uint8Array[] = []
  await new Promise<void>((end) => {
    start({ write: (part) => parts.push(Buffer.from(part)) > 0, onDrain: () => undefined, end })
  })
  return Object.entries(unzipSync(Buffer.concat(parts)))
    .map(([path, bytes]) => `${path}\n${Buffer.from(bytes).toString()}`)
    .join('\n')
}

/** Refusals repeat the names that were asked for. */
const without = (text: string, asked: Input) =>
  Object.values({ ...asked, ...(asked.arguments as Input | undefined) })
    .flat()
    .flatMap((value) =>
      typeof value === 'string' && value !== MARK ? [value, value.replace('prompt://', '')] : [],
    )
    .filter((value) => value.includes(MARK))
    .reduce((rest, value) => rest.replaceAll(value, ''), text)
    .replaceAll(/unreleased_prompt(@1)?\\?" to include/g, '')

function caller(search: { label: string | null }): Caller {
  const actor = { ...pinned, request: testRequest({ surface: 'mcp' }) }
  const http: Caller['http'] = {
    id: 'r',
    method: 'POST',
    path: '/api/mcp',
    search: '',
    header: () => undefined,
    readBody: () => Promise.reject(new Error('the body is given')),
    record: Object.assign(new RequestRecord(), { identity: actor }),
  }
  const scope = { label: search.label, category: null, readOnly: false }
  return { actor, scope, revision: '2025-11-25', asksUser: false, http }
}

const rows = ROUTES.flatMap((row) => (row.scope === null ? [] : [[row.contract.id, row] as const]))
const fresh = (): Actor => ({ ...pinned, request: testRequest() })

describe('an actor pinned to a label', () => {
  it.each(rows.filter(([id]) => id in ASKED))('is told by %s of nothing else', async (id, { run }) => {
    for (const input of ASKED[id] ?? []) {
      const answer = await told(() => run(fresh(), input))
      expect(without(answer, input)).not.toContain(MARK)
    }
  })

  it.each(rows.filter(([id]) => !(id in ASKED)))('is refused %s', async (_id, { run }) => {
    expect(await told(() => run(fresh(), {}))).toMatch(/^\["forbidden"/)
  })

  it.each(METHODS)('is told by %s %o of nothing else', async (method, params) => {
    for (const label of [null, 'staging', 'latest']) {
      const answer = await told(() => runMethod(caller({ label }), method, { ...params }))
      expect(without(answer, params)).not.toContain(MARK)
    }
  })

  it('finds what its label names', async () => {
    const read = async (id: string, input: Input) =>
      ROUTES.find(({ contract }) => contract.id === id)?.run({ ...pinned, request: testRequest() }, input)
    expect(await read('getPrompt', PROMPT)).toMatchObject({
      version: 1,
      latest_version: 1,
      labels: [{ version: 1 }],
    })
    expect(await read('listPrompts', {})).toMatchObject({ items: [{ name: 'greeting', latest_version: 1 }] })
    expect(await read('listCategories', {})).toMatchObject({
      categories: [{ slug: 'shelf', prompt_count: 1 }],
    })
    expect(await read('renderDraft', draft('greeting'))).toMatchObject({ content: 'Hello x.' })
    const generated = await read('requestGeneration', { prompt: 'greeting', variables: values })
    expect(generated).toMatchObject({ version: 1, label: 'production' })
    const versions = await runMethod(caller({ label: null }), 'completion/complete', { ...COMPLETIONS[2] })
    expect(versions).toMatchObject({ completion: { values: ['1'] } })
  })
})
