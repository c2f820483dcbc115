import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOwner, withClient } from '#lib/testing/database.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { startTelemetryDouble, type TelemetryDouble } from '#lib/testing/telemetry-double/double.ts'
import type { ReceivedSpan } from '#lib/testing/telemetry-double/otlp.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest } from './mcp-apps.ts'

/** What an instance of the production build tells a collector and an error tracker. */

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const VALUE = 'a-value-that-nobody-else-may-see'
const KEY = 'sk-live-0123456789abcdefghij'
const SECRETS = [VALUE, KEY, 'Bearer abcdef']

let told: TelemetryDouble
let model: ProviderDouble
let app: RunningApp
beforeAll(async () => {
  told = await startTelemetryDouble()
  model = await startProviderDouble()
  app = await startApp({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: told.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=incipit',
      OTEL_SERVICE_NAME: 'prompts',
      OTEL_RESOURCE_ATTRIBUTES: 'team=writers',
      OTEL_METRICS_EXPORTER: 'otlp',
      SENTRY_DSN: told.dsn,
      SENTRY_ENVIRONMENT: 'trial',
      INCIPIT_LOGGING_HOT_READS: '1',
    },
  })
  await rest(app, 'POST', '/api/prompts', {
    name: 'greeting',
    template_content: 'Hello {{ who }}',
    examples: undefined,
  })
  await rest(app, 'POST', '/api/ai/configurations', {
    name: 'double',
    provider: 'openai-compatible',
    base_url: model.openaiUrl,
    model: 'double-small',
    api_key: KEY,
  })
})
afterAll(async () => {
  await app.stop()
  await model.close()
  await told.close()
})

type Looked = Partial<Record<'name' | 'traceId' | 'parentSpanId', string>>

const find = (wanted: Looked) =>
  told.spans.find((span) =>
    Object.entries(wanted).every(([key, value]) => span[key as keyof ReceivedSpan] === value),
  )

/** A span, once it has come. */
const span = (wanted: Looked) => told.until(() => find(wanted))

const childrenOf = ({ traceId, spanId }: ReceivedSpan) =>
  told.spans.filter((each) => each.traceId === traceId && each.parentSpanId === spanId)

describe('a request over REST', () => {
  it('is a span of the server with an operation and its statements, in the trace of the caller', async () => {
    const response = await fetch(`${app.url}/api/prompts/greeting/versions?limit=5`, {
      headers: { traceparent: `00-${TRACE}-${PARENT}-01`, 'x-request-id': 'request-of-rest' },
    })
    expect(response.status).toBe(200)
    const server = await span({ traceId: TRACE, parentSpanId: PARENT })
    expect(server).toMatchObject({
      name: 'GET /api/prompts/{name}/versions',
      kind: 2,
      status: 0,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api/prompts/{name}/versions',
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'server.address': 'localhost',
        'server.port': app.port,
        'incipit.request.id': 'request-of-rest',
      },
      resource: {
        'service.name': 'prompts',
        team: 'writers',
        'deployment.environment.name': 'trial',
      },
    })
    expect(server.attributes).not.toHaveProperty('url.path')
    const [operation] = childrenOf(server)
    expect(operation).toMatchObject({ name: 'listVersions', kind: 1 })
    const statement = childrenOf(operation as ReceivedSpan)[0]
    expect(statement).toMatchObject({ kind: 3, attributes: { 'db.system.name': 'postgresql' } })
    expect(statement?.name).toBe(statement?.attributes['db.query.summary'])
  })

  it('has a line in the log that names its span, sent as a record', async () => {
    const record = await told.until(() =>
      told.records.find(({ attributes }) => attributes.request_id === 'request-of-rest'),
    )
    const server = await span({ traceId: TRACE, parentSpanId: PARENT })
    expect(record).toMatchObject({
      body: 'request',
      severity: 'INFO',
      traceId: TRACE,
      spanId: server.spanId,
      attributes: { route: '/api/prompts/{name}/versions', status: 200 },
      resource: { 'service.name': 'prompts' },
    })
    expect(app.output()).toContain(`"trace_id":"${TRACE}","span_id":"${server.spanId}"`)
  })
})

const post = (body: object) => postTo(app, body)

const postTo = ({ url }: RunningApp, body: object) =>
  fetch(`${url}/api/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  }).then((response) => response.text())

describe('a method of MCP', () => {
  it.each([
    ['fast', '1af7651916cd43dd8448eb211c80319c', {}],
    ["SDK's", '3af7651916cd43dd8448eb211c80319c', { progressToken: 'p' }],
  ])(
    'is a part of the trace that _meta names, and linked to its request, on the %s way',
    async (_, traceId, more) => {
      const _meta = {
        traceparent: `00-${traceId}-${PARENT}-01`,
        tracestate: 'vendor=1',
        baggage: `user=${VALUE}`,
        ...more,
      }
      const params = { name: 'greeting', arguments: { who: VALUE }, _meta }
      expect(await post({ id: 'call-1', method: 'prompts/get', params })).toContain(VALUE)
      const method = await span({ traceId, parentSpanId: PARENT })
      expect(method).toMatchObject({
        name: 'prompts/get greeting',
        kind: 2,
        attributes: {
          'mcp.method.name': 'prompts/get',
          'gen_ai.prompt.name': 'greeting',
          'jsonrpc.request.id': 'call-1',
          'mcp.protocol.version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        },
      })
      const [link] = method.links
      const http = await told.until(() => told.spans.find(({ spanId }) => spanId === link?.spanId))
      expect(http).toMatchObject({ name: 'POST /api/mcp', traceId: link?.traceId })
      await span({ traceId, name: 'renderPrompt' })
    },
  )

  it('says by its code what it failed with, and nothing that a caller wrote', async () => {
    await post({ id: 2, method: 'prompts/get', params: { name: `No ${VALUE}` } })
    const failed = await span({ name: 'prompts/get' })
    expect(failed).toMatchObject({ status: 2, attributes: { 'error.type': '-32602' } })
  })
})

describe('a generation', () => {
  it('is one trace from the request over the function to the provider', async () => {
    const traceId = '2af7651916cd43dd8448eb211c80319c'
    const response = await fetch(`${app.url}/api/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${PARENT}-01` },
      body: JSON.stringify({
        prompt: 'greeting',
        variables: { who: VALUE },
        configuration: 'double',
        wait: 30,
      }),
    })
    expect(await response.json()).toMatchObject({ status: 'succeeded' })
    const server = await span({ traceId, parentSpanId: PARENT })
    const job = await span({ traceId, name: 'run-generation call' })
    const call = await span({ traceId, name: 'chat double-small' })
    const asked = childrenOf(server).find(({ name }) => name === 'requestGeneration')
    // The row keeps the span that asked.
    expect([asked?.spanId, server.spanId]).toContain(job.parentSpanId)
    expect(job.kind).toBe(5)
    expect(call).toMatchObject({
      kind: 3,
      parentSpanId: job.spanId,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai-compatible',
        'gen_ai.request.model': 'double-small',
        'gen_ai.response.model': 'double',
        'gen_ai.prompt.name': 'greeting',
        'gen_ai.prompt.version': '1',
        'gen_ai.usage.input_tokens': expect.any(Number),
        'gen_ai.usage.output_tokens': expect.any(Number),
        'gen_ai.response.finish_reasons': ['stop'],
        'server.address': '127.0.0.1',
      },
    })
    expect(Object.keys(call.attributes).filter((name) => name.includes('messages'))).toEqual([])
    expect(model.calls.at(-1)?.headers).toMatchObject({
      traceparent: `00-${traceId}-${call.spanId}-01`,
      authorization: `Bearer ${KEY}`,
    })
    expect(model.calls.at(-1)?.headers).not.toHaveProperty('baggage')
  })
})

describe('an error that nobody expected', () => {
  it('is on its spans, in a record and with the error tracker, without values', async () => {
    const hide = (from: string, to: string) =>
      withClient(asOwner(app.databaseUrl ?? ''), (client) =>
        client.query(`ALTER TABLE ${from} RENAME TO ${to}`),
      )
    await hide('prompt_example', 'hidden')
    const response = await fetch(`${app.url}/api/prompts/greeting/examples?secret=${VALUE}`, {
      headers: { 'x-request-id': 'request-that-fails', authorization: 'Bearer abcdefghijklmnopqrstuvwx' },
    })
    const again = await fetch(`${app.url}/api/prompts/greeting/examples`, {
      headers: { 'x-request-id': 'request-that-fails' },
    })
    await hide('hidden', 'prompt_example')
    expect([response.status, again.status]).toEqual([400, 500])
    const server = await told.until(() =>
      told.spans.find(({ attributes }) => attributes['http.response.status_code'] === 500),
    )
    expect(server).toMatchObject({
      name: 'GET /api/prompts/{name}/examples',
      status: 2,
      attributes: { 'error.type': expect.any(String) },
      events: [
        { name: 'exception', attributes: { 'exception.message': expect.stringContaining('relation "…"') } },
      ],
    })
    const record = await told.until(() => told.records.find(({ severity }) => severity === 'ERROR'))
    expect(record).toMatchObject({
      body: 'request failed',
      traceId: server.traceId,
      attributes: {
        request_id: 'request-that-fails',
        'exception.stacktrace': expect.stringContaining(' at '),
      },
    })
    const event = await told.until(() => told.events[0])
    expect(event).toMatchObject({
      environment: 'trial',
      release: expect.stringMatching(/^incipit@\d/),
      server_name: expect.any(String),
      transaction: 'GET /api/prompts/{name}/examples',
      tags: { request_id: 'request-that-fails', status: '500' },
      contexts: { trace: { trace_id: server.traceId } },
      exception: { values: expect.arrayContaining([expect.objectContaining({ value: expect.any(String) })]) },
    })
    expect(told.events).toHaveLength(1)
    expect(told.raw.some((text) => text.includes('sentry_key=public-key'))).toBe(true)
  })
})

describe('what is told', () => {
  it('holds no values and no secrets, wherever they stood', () => {
    expect(told.raw.length).toBeGreaterThan(5)
    expect(told.raw.some((text) => text.includes('"x-tenant":"incipit"'))).toBe(true)
    for (const secret of SECRETS) expect(told.raw.filter((text) => text.includes(secret))).toEqual([])
  })

  it('says what was asked for and is not done', () => {
    expect(app.output()).toMatch(/OTEL_METRICS_EXPORTER.*scraped from \/metrics/)
  })

  it('is counted', async () => {
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).toMatch(/incipit_telemetry_total\{signal="traces",fate="sent"\} [1-9]/)
    expect(metrics).toMatch(/incipit_telemetry_total\{signal="errors",fate="sent"\} 1/)
  })
})

describe('a trace that is not sampled', () => {
  it('has no spans at all, by a header, by _meta or by the sampler, but its lines in the log', async () => {
    const receiver = await startTelemetryDouble()
    const other = await startApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
        INCIPIT_SECURITY_TRUSTED_PROXIES: '127.0.0.1',
        INCIPIT_LOGGING_HOT_READS: '1',
      },
    })
    const [no, yes, noMessage, yesMessage] = ['4', '5', '6', '7'].map((first) => `${first}${TRACE.slice(1)}`)
    const ask = (headers: Record<string, string>) =>
      fetch(`${other.url}/api/prompts?limit=1`, { headers }).then((response) => response.text())
    const call = (trace: string) =>
      postTo(other, {
        id: 1,
        method: 'prompts/list',
        params: { _meta: { traceparent: `00-${trace}` } },
      })
    await ask({ traceparent: `00-${no}-${PARENT}-00`, 'x-request-id': 'request-without' })
    await ask({ 'x-request-id': 'request-by-itself' })
    await ask({ traceparent: `00-${yes}-${PARENT}-01`, 'x-request-id': 'request-with' })
    await call(`${noMessage}-${PARENT}-00`)
    await call(`${yesMessage}-${PARENT}-01`)
    // Whatever waits is sent at the end.
    expect(await other.stop()).toBe(0)
    const spansOf = (trace: string | undefined) =>
      receiver.spans.filter(({ traceId }) => traceId === trace).map(({ name }) => name)
    expect([no, noMessage].flatMap(spansOf)).toEqual([])
    expect(spansOf(yes)).toEqual(expect.arrayContaining(['GET /api/prompts', 'listPrompts']))
    expect(spansOf(yesMessage)).toEqual(expect.arrayContaining(['prompts/list', 'listPublishedPrompts']))
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([yes, yesMessage]))
    const line = (id: string) => receiver.records.find(({ attributes }) => attributes.request_id === id)
    const spanId = expect.stringMatching(/^[\da-f]{16}$/)
    expect(line('request-without')).toMatchObject({ traceId: no, spanId })
    expect(line('request-by-itself')).toMatchObject({
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
      spanId,
    })
    await receiver.close()
  })
})

describe('a collector that is away', () => {
  it('costs the app nothing, is told of once, and gets what waits at the end when it is back', async () => {
    const away = await startTelemetryDouble()
    await away.close()
    const other = await startApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: away.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_TIMEOUT: '200',
        SENTRY_DSN: away.dsn,
      },
    })
    const told = () => other.output().match(/telemetry cannot be sent/g) ?? []
    const ask = async () => (await fetch(`${other.url}/api/prompts`)).status
    while (told().length < 2) expect(await ask()).toBe(200)
    // One line for traces and one for logs, however long it goes on.
    const until = Date.now() + 2500
    while (Date.now() < until) expect(await ask()).toBe(200)
    expect(told()).toHaveLength(2)
    const back = await startTelemetryDouble(Number(new URL(away.url).port))
    expect(await ask()).toBe(200)
    expect(await other.stop()).toBe(0)
    expect(back.spans.some(({ name }) => name === 'GET /api/prompts')).toBe(true)
    await back.close()
  })
})
