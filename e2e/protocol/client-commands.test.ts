import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { VERSION } from '#lib/version.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type InstalledClient, installClient, type Ran } from './client-package.ts'

/* The command line as people install it: from a running instance, with npm, and no registry. */

let app: RunningApp
let other: RunningApp
let client: InstalledClient
beforeAll(async () => {
  ;[app, other] = await Promise.all([startApp(), startApp()])
  client = await installClient(app.url)
})
afterAll(async () => {
  await Promise.all([app.stop(), other.stop(), client.remove()])
})

const inFolder = (name: string) => path.join(client.folder, name)
const text = (file: string) => readFile(inFolder(file), 'utf8')

async function run(args: readonly string[], code = 0, where = {}): Promise<Ran> {
  const ran = await client.incipit(args, where)
  expect([args.join(' '), ran.code, ran.err]).toEqual([args.join(' '), code, expect.any(String)])
  return ran
}

/** The answer as JSON. */
async function json(args: readonly string[], code = 0, where = {}) {
  return JSON.parse((await run([...args, '--json'], code, where)).out)
}

async function api(method: string, at: string, body?: unknown, etag?: string, base = app.url) {
  const response = await fetch(base + at, {
    method,
    headers: { 'content-type': 'application/json', ...(etag !== undefined && { 'if-match': etag }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect([method, at, response.ok]).toEqual([method, at, true])
  return response.json()
}

async function newVersion(name: string, template_content: string): Promise<void> {
  const { etag } = await api('GET', `/api/prompts/${name}?label=latest`)
  await api('POST', `/api/prompts/${name}/versions`, { template_content }, etag)
}

const create = (name: string, template_content: string, more = {}) =>
  api('POST', '/api/prompts', { name, template_content, ...more })

describe('the package', () => {
  it('is served to everybody, with an ETag that answers 304, and is the same for npx', async () => {
    const first = await fetch(`${app.url}/client.tgz`)
    expect(first.headers.get('content-type')).toBe('application/gzip')
    const etag = first.headers.get('etag') ?? ''
    const again = await fetch(`${app.url}/client.tgz`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    expect(
      (await client.npm(['exec', '--yes', `--package=${app.url}/client.tgz`, '--', 'incipit', '--version']))
        .out,
    ).toContain(VERSION)
  })

  it('has no dependencies, and tells what it can', async () => {
    const about = JSON.parse(await text('node_modules/incipit/package.json'))
    expect([about.version, about.dependencies]).toEqual([VERSION, undefined])
    const { out } = await run([])
    for (const name of ['login', 'pull', 'push', 'diff', 'check', 'render', 'types', 'import', 'copy']) {
      expect(out).toContain(`  ${name} `)
      expect((await run([name, '--help'])).out).toContain(`incipit ${name}`)
    }
    expect((await run(['fly'], 2)).err).toContain('There is no command "fly"')
    expect((await run(['pull', '--fast'], 2)).err).toContain('--fast')
  })
})

describe('pull and push', () => {
  it('bring prompts into files by category, change nothing twice, and make versions of what changed', async () => {
    await create('two_way', 'Hello {{ who }}.\n\nThe end.', { tags: ['greeting'] })
    const dir = ['--dir', 'repository']
    const first = await json(['pull', ...dir])
    expect(first.items.map(({ action }: { action: string }) => action)).not.toContain('conflict')
    const lock = JSON.parse(await text('repository/incipit.lock'))
    expect(lock).toMatchObject({ url: app.url, label: 'latest' })
    expect(lock.prompts.two_way).toMatchObject({ file: 'two_way.md', version: 1, tags: ['greeting'] })
    expect(lock.prompts.zero_shot.file).toBe('techniques/zero_shot.md')
    const again = await json(['pull', ...dir])
    expect(new Set(again.items.map(({ action }: { action: string }) => action))).toEqual(
      new Set(['unchanged']),
    )
    expect((await run(['push', ...dir])).out).toContain('Nothing changed since the last pull.')

    const file = await text('repository/two_way.md')
    await writeFile(inFolder('repository/two_way.md'), file.replace('Hello', 'Good day'))
    const dry = await json(['push', ...dir, '--dry-run'])
    expect(dry.items).toMatchObject([{ name: 'two_way', action: 'version', version: 2 }])
    const pushed = await json(['push', ...dir, '-m', 'Politer', '--label', 'staging'])
    expect(pushed.items).toMatchObject([{ name: 'two_way', action: 'version', version: 2 }])
    const there = await api('GET', '/api/prompts/two_way?label=staging')
    expect(there).toMatchObject({
      version: 2,
      template_content: 'Good day {{ who }}.\n\nThe end.',
      message: 'Politer',
    })
    expect((await run(['push', ...dir])).out).toContain('Nothing changed since the last pull.')

    // A file of one's own is a new prompt; tags alone make no version.
    await writeFile(inFolder('repository/own.md'), '---\nname: own\n---\nOf {{ mine }}\n')
    await writeFile(
      inFolder('repository/two_way.md'),
      (await text('repository/two_way.md')).replace('greeting', 'polite'),
    )
    const more = await json(['push', ...dir])
    expect(more.items).toMatchObject([
      { name: 'own', action: 'created', version: 1 },
      { name: 'two_way', action: 'moved', version: 2 },
    ])
    expect(await api('GET', '/api/prompts/two_way?label=latest')).toMatchObject({
      version: 2,
      tags: ['polite'],
    })
  })

  it('refuse drift with its difference, merge what can be merged, and leave conflicts in the file', async () => {
    await create('drifting', 'First line.\n\nSecond line.\n\nThird line.')
    const dir = ['--dir', 'drift']
    await run(['pull', 'drifting', ...dir])
    const edit = async (from: string, to: string) =>
      writeFile(inFolder('drift/drifting.md'), (await text('drift/drifting.md')).replace(from, to))
    await edit('Third line.', 'Third line of mine.')
    await newVersion('drifting', 'First line of theirs.\n\nSecond line.\n\nThird line.')

    const refused = await run(['push', ...dir], 1)
    expect(refused.out).toContain('drift')
    expect(refused.out).toContain('+First line of theirs.')
    expect(await api('GET', '/api/prompts/drifting?label=latest')).toMatchObject({ version: 2 })

    expect((await json(['pull', ...dir, 'drifting'])).items).toMatchObject([{ action: 'merged', version: 2 }])
    expect(await text('drift/drifting.md')).toContain(
      'First line of theirs.\n\nSecond line.\n\nThird line of mine.',
    )
    expect((await json(['push', ...dir])).items).toMatchObject([{ action: 'version', version: 3 }])

    await edit('Second line.', 'Second line of mine.')
    await newVersion('drifting', 'First line of theirs.\n\nSecond line of theirs.\n\nThird line of mine.')
    expect((await json(['pull', ...dir, 'drifting'], 1)).items).toMatchObject([{ action: 'conflict' }])
    expect(await text('drift/drifting.md')).toContain(
      '<<<<<<< ours (drifting.md)\nSecond line of mine.\n=======\nSecond line of theirs.\n>>>>>>> theirs (drifting, version 4)\n',
    )
    expect((await run(['push', ...dir], 1)).out).toContain('conflict markers')
    expect((await run(['check', ...dir, '--offline'], 1)).out).toContain('[conflict-marker]')
    await edit(/<<<<<<<[^]*>>>>>>> .*\n/.exec(await text('drift/drifting.md'))?.[0] ?? '', 'Both lines.\n')
    expect((await json(['push', ...dir])).items).toMatchObject([{ action: 'version', version: 5 }])
    expect((await json(['diff', ...dir])).items).toEqual([])
  })

  it('keep what stands in the way, remove what is gone, and refuse another instance', async () => {
    await create('leaving', 'Soon gone')
    const dir = ['--dir', 'careful']
    await mkdir(inFolder('careful/techniques'), { recursive: true })
    await writeFile(inFolder('careful/techniques/zero_shot.md'), 'My own notes\n')
    const pulled = await json(['pull', ...dir], 1)
    expect(pulled.items).toContainEqual(expect.objectContaining({ name: 'zero_shot', action: 'in the way' }))
    expect(await text('careful/techniques/zero_shot.md')).toBe('My own notes\n')
    const { etag } = await api('GET', '/api/prompts/leaving')
    await fetch(`${app.url}/api/prompts/leaving`, {
      method: 'DELETE',
      headers: { 'if-match': etag, 'content-type': 'application/json' },
    })
    const after = await json(['pull', ...dir, '--force'])
    expect(after.items).toContainEqual(expect.objectContaining({ name: 'leaving', action: 'removed' }))
    await expect(access(inFolder('careful/leaving.md'))).rejects.toThrow('ENOENT')
    const elsewhere = await run(['push', ...dir, '--url', other.url], 2)
    expect(elsewhere.err).toContain(`incipit.lock belongs to ${app.url}`)
  })
})

describe('check', () => {
  it('names file, line and rule of what is wrong, as text, JSON, SARIF and JUnit', async () => {
    await create('contracted', 'Dear {{ who }}')
    const dir = ['--dir', 'checked']
    await run(['pull', 'contracted', ...dir])
    expect((await run(['check', ...dir])).out).toContain('1 file: 0 errors, 0 warnings.')
    await writeFile(
      inFolder('checked/contracted.md'),
      '---\nname: contracted\nvariables:\n  - name: who\n  - name: why\n---\nDear {{ who }}, {{ why }} {{ what }}\n',
    )
    await writeFile(inFolder('checked/broken.md'), '---\nname: broken\ncolour: red\n---\ntext\n')
    const { out } = await run(['check', ...dir], 1)
    expect(out).toContain('checked/broken.md:3: error: "colour" is no field of a prompt')
    expect(out).toMatch(/checked\/contracted\.md:7:\d+: error: what is used but not declared.* \[template\]/)
    expect(out).toContain(
      'checked/contracted.md:5: error: Against production: `why` is new and required [contract]',
    )
    expect((await run(['check', ...dir, '--offline'], 1)).out).not.toContain('[contract]')

    const sarif = JSON.parse((await run(['check', ...dir, '--format', 'sarif'], 1)).out)
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') })
    const [{ tool, results }] = sarif.runs
    for (const { ruleId, ruleIndex, message, locations, level } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
      expect(['error', 'warning']).toContain(level)
      expect(message.text).not.toBe('')
      const { artifactLocation, region } = locations[0].physicalLocation
      expect(artifactLocation.uri).toMatch(/^checked\//)
      // A region is a whole one, or there is none.
      expect(region?.startLine ?? 1).toBeGreaterThan(0)
    }
    const { out: junit } = await run(['check', ...dir, '--format', 'junit'], 1)
    expect(junit).toContain('<testsuites name="incipit" tests="2" failures="2">')
    expect(junit).toContain('&quot;colour&quot;')
  })
})

describe('import', () => {
  it('sends files, tells what would happen, and takes an import back', async () => {
    await mkdir(inFolder('brought/letters'), { recursive: true })
    await writeFile(inFolder('brought/letters/letter_one.md'), '---\nname: letter_one\n---\nDear {{ who }}\n')
    await writeFile(inFolder('brought/letter_two.md'), '---\nname: letter_two\n---\nDear {{ who\n')
    const args = ['import', 'brought', '--tag', 'brought']
    const dry = await json([...args, '--dry-run'], 1)
    const actions = ({ items }: { items: Record<string, string>[] }) =>
      items.map(({ name, action }) => `${action} ${name}`).toSorted((a, b) => a.localeCompare(b))
    const expected = ['create letter_one', 'refused letter_two']
    expect(actions(dry)).toEqual(expected)
    const done = await json(args, 1)
    expect(actions(done)).toEqual(expected)
    expect(await api('GET', '/api/prompts/letter_one')).toMatchObject({ tags: ['brought'] })
    expect((await run(['import', '--undo', done.id])).out).toContain('taken back')
    expect((await run(['render', 'letter_one'], 2)).err).toContain('archived')
    const refused = await run(['import', 'brought/letter_two.md'], 1)
    expect(refused.out).toContain('refused      letter_two')
  })
})

describe('render, types and login', () => {
  it('render a prompt of the instance, and a file with what it includes', async () => {
    await create('signature', 'Yours, {{ name }}')
    await mkdir(inFolder('draft'), { recursive: true })
    const letter = `---\nname: letter\n---\nDear {{ who }}\n{% render "signature", name: "Ada" %}\n`
    await writeFile(inFolder('draft/letter.md'), letter)
    const there = await run(['render', 'signature', '--var', 'name=Bob'])
    expect(there.out).toBe('Yours, Bob\n')
    const here = await run(['render', '--file', 'draft/letter.md', '--dir', 'draft', '--var', 'who=you'])
    expect(here.out).toBe('Dear you\nYours, Ada\n')
    const refused = await run(['render', 'signature'], 1)
    expect(refused.err).toContain('name')
  })

  it('write types that compilers take', async () => {
    await create('typed', '{{ count }} {{ mood }}', {
      variables: [
        { name: 'count', type: 'integer' },
        { name: 'mood', type: 'enum', enum: ['good', 'bad'], required: false },
      ],
    })
    await run(['pull', 'typed', '--dir', 'typed'])
    const { out } = await run(['types', '--dir', 'typed'])
    expect(out).toContain('"typed": {\n    count: number\n    mood?: "good" | "bad"\n  }')
    await run(['types', '--dir', 'typed', '--out', 'prompts.py'])
    expect(await text('prompts.py')).toContain('"mood": NotRequired[Literal["good", "bad"]],')
  })

  it('keep a key where its owner alone reads it', async () => {
    const env = { INCIPIT_URL: '' }
    await run(['login', app.url, '--profile', 'here'], 0, { env, input: 'a key that local mode ignores\n' })
    const file = 'config/incipit/credentials.json'
    expect((await stat(inFolder(file))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await text(file))).toMatchObject({
      default: 'here',
      profiles: { here: { url: app.url, key: 'a key that local mode ignores' } },
    })
    expect((await run(['render', 'signature', '--var', 'name=Eve'], 0, { env })).out).toBe('Yours, Eve\n')
    expect((await run(['pull', '--profile', 'nowhere'], 2, { env })).err).toContain('there are: here')
    const away = await run(['pull', '--url', 'http://127.0.0.1:9'], 3)
    expect(away.err).toContain('cannot be reached')
  })
})

describe('a name that no file has', () => {
  it('is an error of push and diff, not a success that did nothing', async () => {
    await create('spelled_well', 'Text')
    await run(['pull', 'spelled_well', '--dir', 'spelled'])
    expect((await run(['push', 'speled_well', '--dir', 'spelled'], 2)).err).toContain('"speled_well"')
    expect((await run(['diff', 'speled_well', '--dir', 'spelled'], 2)).err).toContain('"speled_well"')
    await run(['push', 'spelled_well', '--dir', 'spelled'])
  })
})

describe('copy', () => {
  it('brings prompts with what they include to another instance, once', async () => {
    await create('copied_part', 'Part for {{ who }}')
    await create('copied', '{% render "copied_part", who: name %} and {{ name }}', { tags: ['both'] })
    const args = ['copy', 'copied', 'copied_part', '--from', app.url, '--to', other.url]
    const actions = async (more: string[] = []) =>
      (await json([...args, ...more])).items.map(({ name, action }: Record<string, string>) => [name, action])
    expect(await actions(['--dry-run'])).toEqual([
      ['copied_part', 'created'],
      ['copied', 'created'],
    ])
    await actions()
    expect(await actions()).toEqual([
      ['copied_part', 'unchanged'],
      ['copied', 'unchanged'],
    ])
    const there = await api('GET', '/api/prompts/copied', undefined, undefined, other.url)
    expect(there).toMatchObject({ tags: ['both'], includes: [{ name: 'copied_part', version: 1 }] })
    await newVersion('copied', 'Newer for {{ name }}')
    expect(await actions(['--label', 'latest', '--set-label', 'production'])).toEqual([
      ['copied', 'version'],
      ['copied_part', 'unchanged'],
    ])
    const rendered = await api(
      'POST',
      '/api/prompts/copied/render',
      { variables: { name: 'Ada' } },
      undefined,
      other.url,
    )
    expect(rendered).toMatchObject({ content: 'Newer for Ada', version: 2 })
  })

  it('leaves a label where it is that would refuse callers there, and names them', async () => {
    await create('called', 'Old {{ a }}')
    const args = ['copy', 'called', '--from', app.url, '--to', other.url]
    await run(args)
    const label = ['--label', 'latest', '--set-label', 'production']
    await newVersion('called', 'New {{ b }}')
    await vi.waitFor(
      async () => {
        await api('POST', '/api/prompts/called/render', { variables: { a: 'x' } }, undefined, other.url)
        const impact = await api('GET', '/api/prompts/called/impact', undefined, undefined, other.url)
        expect(impact.callers).not.toEqual([])
      },
      { timeout: 10_000 },
    )
    for (const more of [['--dry-run'], []]) {
      const { items } = await json([...args, ...label, ...more], 1)
      expect(items).toMatchObject([{ action: 'refused', message: expect.stringContaining('`b` is new') }])
    }
    const kept = await api('GET', '/api/prompts/called', undefined, undefined, other.url)
    expect(kept).toMatchObject({ version: 1, latest_version: 1 })
    expect((await json([...args, ...label, '--accept-breaking'])).items).toMatchObject([
      { action: 'version' },
    ])
    const moved = await api('GET', '/api/prompts/called', undefined, undefined, other.url)
    expect(moved).toMatchObject({ version: 2, latest_version: 2 })
  })

  it('makes nothing anew because of a part that was not released there', async () => {
    await create('kept_part', 'Part')
    await create('kept', '{% render "kept_part" %} one')
    const args = ['copy', 'kept', 'kept_part', '--label', 'latest', '--from', app.url, '--to', other.url]
    await run(args)
    const { etag } = await api('GET', '/api/prompts/kept_part?label=latest')
    const newer = { template_content: 'Newer part', labels: ['production'] }
    await api('POST', '/api/prompts/kept_part/versions', newer, etag)
    await newVersion('kept', '{% render "kept_part" %} two')
    const actions = async () => (await json(args)).items.map(({ action }: Record<string, string>) => action)
    // The part's production is the old one there, and so it is what is included.
    expect(await actions()).toEqual(['version', 'version'])
    expect(await actions()).toEqual(['unchanged', 'unchanged'])
  })

  it('makes no version of another prompt that has the name as an alias', async () => {
    await create('by_alias', 'Of the source')
    const there = { name: 'owner_of_alias', template_content: 'Kept', aliases: ['by_alias'] }
    await api('POST', '/api/prompts', there, undefined, other.url)
    const { items } = await json(['copy', 'by_alias', '--from', app.url, '--to', other.url], 1)
    expect(items).toMatchObject([{ action: 'refused', message: expect.stringContaining('owner_of_alias') }])
    const kept = await api('GET', '/api/prompts/owner_of_alias?label=latest', undefined, undefined, other.url)
    expect(kept).toMatchObject({ version: 1, template_content: 'Kept' })
  })
})
