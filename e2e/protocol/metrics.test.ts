import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { registeredMetrics } from '../../scripts/monitoring/registered.ts'
import { growth, scrape } from '../scrape.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchange, type Received, type Sent } from './exchange.ts'
import { rest } from './mcp-apps.ts'

/** What /metrics of the production build tells is what was asked of it. */

let app: RunningApp
let double: ProviderDouble
beforeAll(async () => {
  double = await startProviderDouble()
  double.arrange('metered', { reported: { prompt_tokens: 1000, completion_tokens: 50 } })
  app = await startApp({ config: { ai: { allowed_hosts: ['127.0.0.1'] } } })
  await rest(app, 'POST', '/api/prompts', { name: 'counted', template_content: 'Hello {{ who }}.' })
  await rest(app, 'POST', '/api/ai/configurations', {
    name: 'metered',
    provider: 'openai-compatible',
    base_url: double.openaiUrl,
    model: 'metered',
    api_key: 'a-key-of-the-double',
    input_price_per_million: 3,
    output_price_per_million: 20,
    monthly_token_quota: 1_000_000,
  })
})
afterAll(async () => {
  await app.stop()
  await double.close()
})

const send = (sent: Sent) => exchange(app, sent)

function mcp(method: string, params: object): Promise<Received> {
  const headers = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-06-18' }
  const body = { jsonrpc: '2.0', id: 1, method, params }
  return send({ method: 'POST', path: '/api/mcp', headers, body })
}

const render = (variables: object) =>
  send({ method: 'POST', path: '/api/prompts/counted/render', body: { variables } })
const get = (name: string) => send({ method: 'GET', path: `/api/prompts/${name}` })
const prompt = (name: string) => mcp('prompts/get', { name, arguments: { who: 'you' } })
const generate = () =>
  send({
    method: 'POST',
    path: '/api/generations',
    body: { prompt: 'counted', variables: { who: 'you' }, configuration: 'metered', wait: 30 },
  })

/** So many of each, all at once, with scrapes among them. */
async function sendAll(work: readonly [count: number, each: () => Promise<unknown>][]): Promise<void> {
  await Promise.all(work.flatMap(([count, each]) => Array.from({ length: count }, each)))
}

describe('the figures', () => {
  it('are those of the requests, renders, calls, tokens and dollars that there were', async () => {
    const before = await scrape(app)
    await sendAll([
      [40, () => render({ who: 'you' })],
      [10, () => render({})],
      [15, () => get('nobody')],
      [20, () => prompt('counted')],
      [5, () => prompt('nobody')],
      [7, () => mcp('tools/list', {})],
      [3, () => mcp('nothing/such', {})],
      [4, generate],
      [5, () => scrape(app)],
    ])
    const after = await scrape(app)
    const grown = (metric: string) => growth(before, after, metric)

    const requests = {
      '{door="mcp",route="none",outcome="-32601",status="4xx"}': 3,
      '{door="mcp",route="prompts/get",outcome="not_found",status="4xx"}': 5,
      '{door="mcp",route="prompts/get",outcome="ok",status="2xx"}': 20,
      '{door="mcp",route="tools/list",outcome="ok",status="2xx"}': 7,
      '{door="probe",route="GET /metrics",outcome="200",status="2xx"}': 6,
      '{door="rest",route="GET /api/prompts/{name}",outcome="404",status="4xx"}': 15,
      '{door="rest",route="POST /api/generations",outcome="200",status="2xx"}': 4,
      '{door="rest",route="POST /api/prompts/{name}/render",outcome="200",status="2xx"}': 40,
      '{door="rest",route="POST /api/prompts/{name}/render",outcome="422",status="4xx"}': 10,
    }
    expect(grown('incipit_requests_total')).toEqual(requests)
    expect(grown('incipit_request_seconds_count')).toEqual(requests)
    const buckets = grown('incipit_request_seconds_bucket')
    for (const [labels, count] of Object.entries(requests))
      expect(buckets[`${labels.slice(0, -1)},le="+Inf"}`]).toBe(count)

    expect(grown('incipit_render_seconds_count')).toEqual({ '{kind="saved"}': 64 })
    expect(grown('incipit_renders_refused_total')).toEqual({
      '{kind="saved",code="unprocessable",detail="missing_variable"}': 10,
    })
    const of = 'provider="openai-compatible",configuration="metered"'
    expect(grown('incipit_provider_calls_total')).toEqual({ [`{${of},outcome="succeeded"}`]: 4 })
    expect(grown('incipit_provider_tokens_total')).toEqual({
      [`{${of},direction="input"}`]: 4000,
      [`{${of},direction="output"}`]: 200,
    })
    expect(grown('incipit_provider_cost_dollars_total')[`{${of}}`]).toBeCloseTo(4 * 0.004, 10)
    expect(grown('incipit_function_runs_total')).toEqual({
      '{function="run-generation",outcome="succeeded"}': 4,
    })
    const quota = '{workspace="default",configuration="metered",quota="tokens"}'
    expect(after.get(`incipit_quota_used${quota}`)).toBe(4200)
    expect(after.get(`incipit_quota_limit${quota}`)).toBe(1_000_000)
    expect(grown('incipit_database_statement_seconds_count')).toHaveProperty([
      '{server="primary",outcome="ok"}',
    ])
    expect(Object.keys(grown('incipit_cache_hits_total'))).toContain('{cache="prompts.resolutions"}')
    expect(after.get('incipit_ready')).toBe(1)
    expect([...after.keys()].find((series) => series.startsWith('incipit_build_info'))).toMatch(
      /^incipit_build_info\{version="\d[^"]*",node="\d[^"]*",commit="(?:[0-9a-f]{40}|unknown)"\}$/,
    )
  })

  it('have every metric that the documentation lists', async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    const types = new Map(
      Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => [name, type]),
    )
    for (const { name, type } of await registeredMetrics())
      expect([name, types.get(name)]).toEqual([name, type])
  })
})

/** Nobody else writes this. */
const MARK = 'zq9x'
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PROPFIND',
  'PURGE',
  'M-SEARCH',
  'QUERY',
]

/** A request with a text of its own wherever a caller can write one. */
function odd(n: number): Promise<unknown> {
  const text = `${MARK}-${randomUUID()}`
  const method = METHODS[n % METHODS.length] ?? 'GET'
  const paths = [
    `/${text}`,
    `/api/${text}`,
    `/api/prompts/${text}`,
    `/api/prompts/${text}/versions/${text}?${text}=${text}`,
    `/prompts/${text}`,
    `/api/auth/${text}`,
    `/api/auth/sign-in/${text}`,
    `/mcp/prompts/${text}`,
    `/api/mcp/${text}`,
    `/metrics?${text}`,
    `/health/${text}`,
    `/.well-known/${text}`,
    `/oauth/${text}`,
  ]
  const header = { [text]: text, 'user-agent': text, 'x-request-id': text, 'incipit-surface': text }
  const kinds = [
    () => send({ method, path: paths[n % paths.length] ?? '/', headers: header }),
    () => mcp(text, { [text]: text }),
    () => mcp('prompts/get', { name: text, arguments: { [text]: text } }),
    () => mcp('tools/call', { name: text, arguments: {} }),
    () => mcp('tools/call', { name: 'render_prompt', arguments: { template_name: text, [text]: text } }),
    () => render({ [text]: text }),
    () => send({ method: 'POST', path: `/api/prompts/counted/render`, body: { label: text, [text]: 1 } }),
    () =>
      send({
        method: 'POST',
        path: '/api/render',
        body: { template_content: `{{ ${text} | ${text} }}`, [text]: text },
      }),
    () => send({ method: 'POST', path: '/api/generations', body: { prompt: text, configuration: text } }),
    () => send({ method: 'GET', path: '/api/me', headers: { authorization: `Bearer ${text}` } }),
    () => send({ method: 'GET', path: '/api/me', headers: { host: text } }),
  ]
  return (kinds[n % kinds.length] ?? kinds[0])?.() ?? Promise.resolve()
}

/** Some twenty at a time. */
async function sendOdd(count: number): Promise<void> {
  let next = 0
  const line = async () => {
    for (let n = next++; n < count; n = next++) await odd(n)
  }
  await Promise.all(Array.from({ length: 20 }, line))
}

describe('the labels', () => {
  it('hold nothing that callers write, whatever they send', async () => {
    await sendOdd(1000)
    const first = [...(await scrape(app)).keys()]
    await sendOdd(1000)
    const second = [...(await scrape(app)).keys()]
    expect(second.filter((series) => series.includes(MARK))).toEqual([])
    // Others of the same kinds make no further series.
    expect(second.filter((series) => !first.includes(series))).toEqual([])
    expect(second.length).toBeLessThan(3000)
  })
})
