import { performance } from 'node:perf_hooks'
import { withClient } from '../lib/testing/database.ts'
import { fillGenerations } from './fill-generations.ts'
import { getJson, sendJson } from './http.ts'
import type { Product } from './product.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'
import { figure, printTable, timed } from './stats.ts'

const GENERATIONS = 1_000_000
const DAYS = 90
const CONFIGURATIONS = 6
/** Of these, the one that is deleted before the questions. */
const DELETED = 'model_6'
const EXPORTED_DAYS = 9

/** How long the list of generations takes, its sums and its files, over a million of them. */
export async function benchGenerationList(product: Product): Promise<void> {
  await makeOriginals(product.url)
  const started = performance.now()
  await fillGenerations(product.databaseUrl, GENERATIONS, DAYS)
  const filled = performance.now() - started
  const deleted = await deleteConfiguration(product)
  const rows: string[][] = []
  for (const [what, path] of await questions(product.url))
    rows.push([what, ...(await timed(product.url, path, askAnything))])
  printTable(
    `Lists and sums over ${figure(GENERATIONS)} generations in ${DAYS} days (written in ${figure(filled / 1000)} s; ` +
      `a configuration of a sixth of them deleted in ${figure(deleted / 1000)} s)`,
    ['question', 'median ms', 'worst ms', 'promised'],
    rows,
  )
  await benchFile(product.url)
}

/** One answered generation of each configuration, to be copied. */
async function makeOriginals(url: URL): Promise<void> {
  for (let n = 1; n <= CONFIGURATIONS; n++) {
    const name = `model_${n}`
    await asked(url, '/api/ai/configurations', { name, provider: 'echo', model: 'echo-fast' })
    await asked(url, '/api/generations', {
      prompt: SAMPLE.name,
      configuration: name,
      wait: 30,
      variables: sampleArguments(n),
    })
  }
}

/** Deletes a configuration, which its generations survive, as the owner: a serving role has seconds for it. @returns milliseconds */
async function deleteConfiguration({ databaseUrl }: Product): Promise<number> {
  const started = performance.now()
  await withClient(databaseUrl, (client) =>
    client.query('DELETE FROM ai_configuration WHERE name = $1', [DELETED]),
  )
  const ms = performance.now() - started
  await withClient(databaseUrl, (client) => client.query('VACUUM (ANALYZE) generated_content'))
  return ms
}

/** That there is none is an answer as well. */
async function askAnything(url: URL, path: string): Promise<void> {
  const response = await fetch(new URL(path, url))
  const text = await response.text()
  if (!response.ok && response.status !== 404)
    throw new Error(`GET ${path} answered ${response.status}: ${text}`)
}

async function asked(url: URL, path: string, body: object): Promise<void> {
  const { status, text } = await sendJson(url, 'POST', path, body)
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`)
}

async function questions(url: URL): Promise<[string, string][]> {
  const list = '/api/generations'
  const totals = `${list}/totals`
  const prompt = `prompt=${SAMPLE.name}_000001`
  const since = (days: number) => `from=${new Date(Date.now() - days * 86_400_000).toISOString()}`
  const page = (await getJson(url, `${list}?limit=1`)) as { items: { author: { id: string } }[] }
  return [
    ['the newest', list],
    ['the newest that failed', `${list}?status=failed`],
    ['one kind of failure, one prompt', `${list}?error=timeout&${prompt}`],
    ['one version', `${list}?${prompt}&version=2`],
    ['one model and who asked', `${list}?model=echo-fast&author=${page.items[0]?.author.id}`],
    ['a model that there is not', `${list}?model=nothing`],
    ['slower than a minute', `${list}?latency_ms_min=60000`],
    [
      'dear and slow, of a configuration',
      `${list}?configuration=model_2&cost_min=0.011&latency_ms_min=30000`,
    ],
    ['of a deleted configuration', `${list}?configuration=${DELETED}`],
    ['its slowest', `${list}?configuration=${DELETED}&sort=-latency_ms`],
    ['a page of it', `/generations?configuration=${DELETED}`],
    ['sums of it', `${totals}?configuration=${DELETED}`],
    ['values to narrow it by', `${list}/facets?configuration=${DELETED}`],
    ['a configuration that there never was', `${list}?configuration=nobody`],
    ['the slowest', `${list}?sort=-latency_ms`],
    ['the slowest to write, of a week', `${list}?sort=tokens_per_second&${since(7)}`],
    ['the longest in the queue', `${list}?sort=-queue_ms`],
    ['words in the newest 2,000', `${list}?q=nothing`],
    ['sums of all', totals],
    ['sums of a month', `${totals}?${since(30)}`],
    ['sums of a prompt', `${totals}?${prompt}`],
    ['sums of what failed', `${totals}?status=failed`],
    ['sums of a model, slower than 5 s', `${totals}?model=echo-fast&latency_ms_min=5000`],
    ['values to narrow by', `${list}/facets`],
    ['what is usual', `${list}/usual`],
  ]
}

/** A file of a tenth of them, read to its end. */
async function benchFile(url: URL): Promise<void> {
  const from = new Date(Date.now() - EXPORTED_DAYS * 86_400_000).toISOString()
  const rows: string[][] = []
  for (const format of ['csv', 'jsonl']) {
    const started = performance.now()
    const response = await fetch(new URL(`/api/generations?format=${format}&from=${from}`, url))
    let bytes = 0
    let lines = 0
    for await (const part of response.body ?? []) {
      bytes += part.length
      for (const byte of part) if (byte === 10) lines += 1
    }
    const seconds = (performance.now() - started) / 1000
    rows.push([format, figure(lines), figure(bytes / 1e6), figure(seconds), figure(lines / seconds)])
  }
  printTable('Files of generations', ['format', 'lines', 'MB', 's', 'lines/s'], rows)
}
