import { performance } from 'node:perf_hooks'
import { strToU8, zipSync } from 'fflate'
import { sendJson } from './http.ts'
import { type LoadResult, openLoop } from './load/drive.ts'
import { mcpRequest } from './load/request.ts'
import type { Product } from './product.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'
import { figure, printTable } from './stats.ts'

const IMPORTED = 5_000
const ONE_BY_ONE = 500
const AT_ONCE = 8
const RATE = 200
const SECONDS = 15
const PROMISED = 500

/** How fast prompts come in by an import, beside creating them one by one, and how those who render fare meanwhile. */
export async function benchImport({ url }: Product): Promise<void> {
  await import1(url, bundleOf('warm', 200))
  const one = await createOneByOne(url)
  const bundle = bundleOf('bulk', IMPORTED)
  const dryRun = await import1(url, bundle, '?dry_run=true')
  const made = await import1(url, bundle)
  const quiet = await render(url)
  const [busy, beside] = await Promise.all([render(url), import1(url, bundleOf('beside', IMPORTED))])
  const undone = await undo(url, made.id)
  const exported = await takeAll(url)
  printTable(
    `Import of ${figure(IMPORTED)} prompts, beside ${figure(ONE_BY_ONE)} by POST /api/prompts, ${AT_ONCE} at once`,
    ['figure', 'prompts a second', 'times POST', 'promised'],
    [
      ['POST /api/prompts', figure(one), '1', ''],
      ['dry run', figure(IMPORTED / dryRun.seconds), figure(IMPORTED / dryRun.seconds / one), ''],
      ['import', figure(IMPORTED / made.seconds), figure(IMPORTED / made.seconds / one), `≥ ${PROMISED}`],
      [
        `import beside ${RATE} renders a second`,
        figure(IMPORTED / beside.seconds),
        figure(IMPORTED / beside.seconds / one),
        '',
      ],
      ['undo', figure(IMPORTED / undone), figure(IMPORTED / undone / one), ''],
      ['export', figure(exported), figure(exported / one), ''],
    ],
  )
  printTable(
    `prompts/get, ${RATE} a second`,
    ['figure', 'quiet', 'while importing', 'ratio'],
    (['p50', 'p99', 'p999'] as const).map((key) => [
      `${key} ms`,
      figure(quiet[key]),
      figure(busy[key]),
      figure(busy[key] / quiet[key]),
    ]),
  )
  if (quiet.failures + busy.failures > 0) throw new Error(`${busy.failures} renders failed`)
}

const textOf = (name: string, turn: number) =>
  `---\nname: ${name}\ntitle: ${SAMPLE.title ?? name} ${turn}\ndescription: Number ${turn}\ntags: [bench]\n---\n${SAMPLE.template_content}\n`

/** Every tenth includes another one. */
function bundleOf(prefix: string, count: number): Buffer {
  const files: Record<string, Uint8Array> = {}
  for (let turn = 0; turn < count; turn++) {
    const name = `${prefix}_${String(turn).padStart(6, '0')}`
    const include = turn % 10 === 9 ? `{% render "${prefix}_tone" %}\n` : ''
    files[`shelf_${turn % 20}/${name}.md`] = strToU8(
      textOf(name, turn).replace(/\n---\n/, `\n---\n${include}`),
    )
  }
  files[`${prefix}_tone.md`] = strToU8(`---\nname: ${prefix}_tone\n---\nBe kind.\n`)
  return Buffer.from(zipSync(files, { level: 1 }))
}

async function import1(url: URL, zip: Buffer, query = ''): Promise<{ id: string; seconds: number }> {
  const started = performance.now()
  const response = await fetch(new URL(`/api/import${query}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: new Uint8Array(zip),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the import was refused: ${text.slice(0, 2000)}`)
  const { id, counts } = JSON.parse(text)
  if (counts.refused + counts.conflict > 0) throw new Error(`items were refused: ${JSON.stringify(counts)}`)
  return { id, seconds: (performance.now() - started) / 1000 }
}

async function createOneByOne(url: URL): Promise<number> {
  const started = performance.now()
  let turn = 0
  const work = async () => {
    while (turn < ONE_BY_ONE) {
      const body = { ...SAMPLE, name: `single_${turn++}` }
      const { status, text } = await sendJson(url, 'POST', '/api/prompts', body)
      if (status !== 201) throw new Error(`a prompt was refused: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return ONE_BY_ONE / ((performance.now() - started) / 1000)
}

async function undo(url: URL, id: string): Promise<number> {
  const started = performance.now()
  const { status, text } = await sendJson(url, 'POST', `/api/import/${id}/undo`, {})
  if (status !== 200) throw new Error(`the undo was refused: ${text}`)
  return (performance.now() - started) / 1000
}

/** @returns prompts a second of an export of all that there are */
async function takeAll(url: URL): Promise<number> {
  const started = performance.now()
  const response = await fetch(new URL('/api/export', url))
  await response.arrayBuffer()
  return IMPORTED / ((performance.now() - started) / 1000)
}

function render(url: URL): Promise<LoadResult> {
  const requests = Array.from({ length: 200 }, (_, turn) =>
    mcpRequest(url, 'prompts/get', { name: SAMPLE.name, arguments: sampleArguments(turn) }, turn),
  )
  return openLoop({ url, requests, connections: 16, rate: RATE, seconds: SECONDS })
}
