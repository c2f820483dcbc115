import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type InstalledClient, installClient } from './client-package.ts'

/* The library as programs use it: the built package, installed from a running instance. */

let app: RunningApp
let client: InstalledClient
beforeAll(async () => {
  app = await startApp()
  client = await installClient(app.url)
})
afterAll(async () => {
  await Promise.all([app.stop(), client.remove()])
})

async function api(method: string, at: string, body?: unknown, etag?: string) {
  const response = await fetch(app.url + at, {
    method,
    headers: { 'content-type': 'application/json', ...(etag !== undefined && { 'if-match': etag }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

/** Runs a program that has a client of the instance, and gives what it returns. */
async function program(code: string) {
  const {
    out,
    err,
    code: exit,
  } = await client.program(`
    import { createClient, isIncipitError, toAnthropic, toOpenAI } from 'incipit'
    const run = async () => { ${code} }
    console.log(JSON.stringify(await run()))`)
  expect([exit, err]).toEqual([0, ''])
  return JSON.parse(out)
}

/** Prompts in which constructs of the language, types, defaults and includes meet. */
const TEMPLATES: { template_content?: string; messages?: unknown; variables?: unknown; format?: string }[] = [
  { template_content: '{{ a }} {{ b | upcase }}{% if c %} and {{ c }}{% endif %}' },
  {
    template_content:
      '{% for item in list %}{{ forloop.index }}. {{ item.name | default: "?" }}\n{% endfor %}',
  },
  {
    template_content: '{{ count | plus: 1 }} {{ mood }} {{ text | truncate: 5 }}',
    variables: [
      { name: 'count', type: 'integer', min: 1, max: 9 },
      { name: 'mood', type: 'enum', enum: ['good', 'bad'], default: 'good' },
      { name: 'text', type: 'string', pattern: '^[a-z]+$' },
    ],
  },
  { template_content: '{{ braces }} stay', format: 'text', variables: [] },
  {
    messages: [
      { role: 'system', content: 'You help {{ who }}' },
      { type: 'placeholder', name: 'history', required: false },
      { role: 'user', content: [{ type: 'text', text: '{{ question }}' }] },
    ],
  },
  { template_content: '{% render "conform_0", a: x, b: "y" %} {% render "conform_0@1", a: x, b: x %}' },
]

/** Pieces that stand in any order; the seed makes the same texts each time. */
const PIECES = fc.constantFrom(
  'text ',
  '{ "json": true }\n',
  '{{ a }}',
  '{{ b | upcase | truncate: 4 }}',
  '{{ list | map: "name" | join: ", " }}',
  '{{ a | default: "none" | append: b }}',
  '{%- if c == "x" or a -%} yes {%- else -%} no {%- endif -%}',
  '{% unless c %}{{ b | json }}{% endunless %}',
  '{% for item in list limit: 2 reversed %}{{ forloop.rindex }}{{ item.name }}{% else %}empty{% endfor %}',
  '{% case c %}{% when "x", "y" %}xy{% else %}{{ c | size }}{% endcase %}',
  '{% assign d = a | split: "" | first %}{{ d }}',
  '{% raw %}{{ raw }}{% endraw %}{% comment %}gone{% endcomment %}',
  '{% render "conform_0", a: b, b: "y", c: c %}',
)
const RANDOM = fc.sample(
  fc.array(PIECES, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
  { seed: 107, numRuns: 40 },
)

const VALUES: Record<string, unknown>[] = [
  {},
  { a: '1', b: 'zwei', c: '' },
  { a: 1, b: { deep: [1] }, c: null },
  { list: [{ name: 'x' }, {}, { name: '<&>' }] },
  { list: '[{"name": "from text"}]' },
  { count: '3', text: 'abcdefgh' },
  { count: 12, text: 'NO', mood: 'ugly' },
  { who: 'Ada', question: '{{ not code }}', history: [{ role: 'assistant', content: 'Hi' }] },
  { who: 'Ada', question: '😀 \u00e9', history: 'a plain text', more: true },
  { x: 'in' },
]

describe('what is rendered here', () => {
  it('is what the server renders: texts, messages, checksums, and errors with their details', async () => {
    const names = await Promise.all(
      TEMPLATES.slice(0, 5).map(async (template, index) => {
        const made = await api('POST', '/api/prompts', { name: `conform_${index}`, ...template })
        expect([index, made.status]).toEqual([index, 201])
        return `conform_${index}`
      }),
    )
    const last = await api('POST', '/api/prompts', { name: 'conform_5', ...TEMPLATES[5] })
    expect(last.status).toBe(201)
    for (const [index, template_content] of RANDOM.entries()) {
      const made = await api('POST', '/api/prompts', { name: `conform_random_${index}`, template_content })
      expect([template_content, made.status]).toEqual([template_content, 201])
    }
    const seed = await api('GET', '/api/prompts?limit=200')
    const all: { name: string; variables: { name: string }[] }[] = seed.body.items
    const cases = all.flatMap(({ name, variables }) => {
      const full = Object.fromEntries(variables.map((each) => [each.name, `value of ${each.name}`]))
      return [...(name.startsWith('conform_') ? VALUES : []), full, {}].map((values) => ({ name, values }))
    })
    expect(cases.length).toBeGreaterThan(names.length * VALUES.length)
    const answers = await program(`
      const cases = ${JSON.stringify(cases)}
      const plain = (error) => ({ code: error.code, message: error.message, details: error.details.map(({ in: _, pointer: __, ...rest }) => rest) })
      const tried = (work) => work.catch((error) => isIncipitError(error) ? plain(error) : { strange: String(error.stack) })
      const results = []
      for (const where of ['local', 'remote']) {
        await using client = createClient({ render: where, report: false })
        for (const { name, values } of cases) {
          const { receipt, source, config, ...rendered } = await tried(client.render(name, values))
          results.push(rendered)
        }
      }
      return results`)
    const [local, remote] = [answers.slice(0, cases.length), answers.slice(cases.length)]
    expect(answers.filter(({ strange }: { strange?: string }) => strange !== undefined)).toEqual([])
    expect(local.filter(({ content }: { content?: string }) => content !== undefined).length).toBeGreaterThan(
      20,
    )
    for (const [index, rendered] of local.entries())
      expect([cases[index], rendered]).toEqual([cases[index], remote[index]])
  })

  it('is counted, and its receipt takes an outcome', async () => {
    await api('POST', '/api/prompts', { name: 'counted', template_content: 'Hi {{ who }}' })
    const errors = await program(`
      const errors = []
      const client = createClient({ name: 'shop/1.4', onError: (error) => errors.push(error.message) })
      const rendered = await client.render('counted', { who: 'Ada' })
      await client.render('counted', {}).catch(() => undefined)
      client.outcome(rendered, { outcome: 'success', score: 0.9 })
      await client.close()
      return errors`)
    expect(errors).toEqual([])
    const outcomes = await api('GET', '/api/outcomes?prompt=counted')
    expect(outcomes.body.items).toMatchObject([{ outcome: 'success', score: 0.9, label: 'production' }])
    await expect
      .poll(async () => (await api('GET', '/api/uses?prompt=counted')).body.items, { timeout: 30_000 })
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ operation: 'render', outcome: 'ok', variables: ['who'], client: 'shop' }),
          expect.objectContaining({
            outcome: 'unprocessable',
            reasons: [{ code: 'missing', variable: 'who' }],
          }),
        ]),
      )
  })

  it('is of the version that a release made, within moments, for whoever follows', async () => {
    await api('POST', '/api/prompts', { name: 'followed', template_content: 'Old' })
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { createClient } from 'incipit'
         const client = createClient({ follow: true, onChange: async (name) => {
           if (name !== 'followed') return
           const { content, source } = await client.render('followed')
           console.log(content + ' ' + source)
           if (content === 'New') await client.close()
         }, ttlMs: 3_600_000 })
         console.log((await client.render('followed')).content)`,
      ],
      {
        cwd: client.folder,
        env: { ...process.env, INCIPIT_URL: app.url },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let out = ''
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString()
    })
    await expect.poll(() => out, { timeout: 30_000 }).toContain('Old')
    const { body } = await api('GET', '/api/prompts/followed')
    await api(
      'POST',
      '/api/prompts/followed/versions',
      { template_content: 'New', labels: ['production'] },
      body.etag,
    )
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(out).toContain('New server')
  })
})

describe('while the server is away', () => {
  it('prompts come from the folder of a pull, else from the call, and nothing hangs', async () => {
    await api('POST', '/api/prompts', { name: 'bundled', template_content: 'Bundled {{ who }}' })
    expect((await client.incipit(['pull', '--dir', 'bundle'])).code).toBe(0)
    const answers = await program(`
      const client = createClient({ url: 'http://127.0.0.1:9', bundle: 'bundle', retries: 0 })
      const bundled = await client.render('bundled', { who: 'Ada' })
      const brought = await client.render('nobody', { x: 1 }, { fallback: 'Brought {{ x }}' })
      const failed = await client.render('nobody').catch((error) => error.code)
      return [bundled, brought, failed]`)
    const { body } = await api('GET', '/api/prompts/bundled')
    expect(answers).toEqual([
      expect.objectContaining({
        content: 'Bundled Ada',
        source: 'bundle',
        version: 1,
        checksum: body.checksum,
      }),
      expect.objectContaining({ content: 'Brought 1', source: 'fallback', version: 0 }),
      'unreachable',
    ])
  })
})

it('a zip of an export is a bundle, in its newest versions', async () => {
  const made = await api('POST', '/api/prompts', { name: 'exported', template_content: 'Old' })
  await api('POST', '/api/prompts/exported/versions', { template_content: 'New {{ x }}' }, made.body.etag)
  const zip = await fetch(`${app.url}/api/export?versions=all`)
  await writeFile(path.join(client.folder, 'all.zip'), Buffer.from(await zip.arrayBuffer()))
  const answer = await program(`
    const client = createClient({ url: 'http://127.0.0.1:9', bundle: 'all.zip', retries: 0 })
    return client.render('exported', { x: 1 })`)
  expect(answer).toMatchObject({ content: 'New 1', version: 2, source: 'bundle' })
})

it('a zip of an export with includes renders offline what the server renders', async () => {
  const made = await api('POST', '/api/prompts', { name: 'tone_of_all', template_content: 'Old' })
  await api('POST', '/api/prompts', {
    name: 'reply_of_all',
    template_content: '{% render "tone_of_all" %} and {% render "tone_of_all@1" %}',
  })
  await api(
    'POST',
    '/api/prompts/tone_of_all/versions',
    { template_content: 'New', labels: ['production'] },
    made.body.etag,
  )
  const zip = await fetch(`${app.url}/api/export?prompt=reply_of_all&includes=true`)
  await writeFile(path.join(client.folder, 'whole.zip'), Buffer.from(await zip.arrayBuffer()))
  const answers = await program(`
    const client = createClient({ url: 'http://127.0.0.1:9', bundle: 'whole.zip', retries: 0 })
    return [await client.render('reply_of_all'), await client.render('tone_of_all')]`)
  const { body } = await api('GET', '/api/prompts/reply_of_all')
  expect(answers).toMatchObject([{ content: 'Old and Old', checksum: body.checksum }, { content: 'New' }])
})

describe('types', () => {
  it('are told to a compiler, with a table that the command line wrote', async () => {
    await api('POST', '/api/prompts', { name: 'greeting', template_content: 'Hi {{ who }}' })
    const types = await client.incipit(['types', '--label', 'production', '--out', 'prompts.ts'])
    expect(types.code).toBe(0)
    await writeFile(
      path.join(client.folder, 'use.ts'),
      `import { createClient, isIncipitError, toAnthropic, toOpenAI } from 'incipit'
       import type { Prompts } from './prompts.ts'
       const client = createClient<Prompts>()
       const rendered = await client.render('greeting', { who: 'you' }, { label: 'staging' })
       const messages: { role: string }[] = [...toOpenAI(rendered), ...toAnthropic(rendered).messages]
       // @ts-expect-error the table has no such prompt
       await client.render('nobody')
       // @ts-expect-error the prompt has no such variable
       await client.render('greeting', { whom: 'you' })
       try { await createClient().get('anything') } catch (error) { if (isIncipitError(error)) console.log(error.details, messages) }`,
    )
    await writeFile(
      path.join(client.folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'es2023',
          lib: ['es2024', 'dom', 'esnext.disposable'],
          module: 'nodenext',
          allowImportingTsExtensions: true,
          types: [],
        },
        include: ['use.ts'],
      }),
    )
    const tsc = spawn(
      process.execPath,
      [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', client.folder],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let out = ''
    tsc.stdout.on('data', (piece: Buffer) => {
      out += piece.toString()
    })
    const [code] = await once(tsc, 'exit')
    expect([code, out]).toEqual([0, ''])
  })
})
