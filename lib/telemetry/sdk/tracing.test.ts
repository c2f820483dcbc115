import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { appError } from '../../errors.ts'
import { createRuntime, getRuntime, setRuntime } from '../../runtime.ts'
import { type RecordedTracing, recordTracing } from '../../testing/tracing.ts'
import { observeJob } from '../job-span.ts'
import { observeMethod } from '../method-span.ts'
import { observeModel } from '../model-span.ts'
import { activeTrace, observe, spanned } from '../observe.ts'
import type { Origin, Span, SpanStart } from '../telemetry.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`
const UNSAMPLED = `00-${TRACE}-b7ad6b7169203331-00`

let recorded: RecordedTracing
function record(settings: Parameters<typeof recordTracing>[0] = {}): void {
  recorded = recordTracing(settings)
  getRuntime().telemetry.tracing = recorded.tracing
}
beforeEach(() => {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  record()
})
afterEach(() => setRuntime(undefined))

type Parent = Origin['carrier'] | undefined
const begin = (carrier?: Parent, origin: Partial<Origin> = {}): Span =>
  recorded.tracing.start(
    () => ({ name: 'server', kind: 'server' }),
    carrier === undefined ? undefined : { carrier, ...origin },
  )
const inner = () =>
  observe(
    () => ({ name: 'inner', kind: 'internal' }),
    () => Promise.resolve(activeTrace()),
  )

/** Runs work within an open span of the server. */
async function serve<T>(parent: Parent, work: () => Promise<T>): Promise<T> {
  const span = begin(parent)
  try {
    return await recorded.tracing.within(span, work)
  } finally {
    span.end()
  }
}

describe('a span', () => {
  it('is a part of what a header names, and its children of it', async () => {
    await serve({ traceparent: PARENT, tracestate: 'vendor=1' }, inner)
    const outer = recorded.span('server')
    expect(outer.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(outer.spanContext().traceId).toBe(TRACE)
    expect(recorded.span('inner').parentSpanContext?.spanId).toBe(outer.spanContext().spanId)
  })

  it('begins a trace of its own where a header is none', async () => {
    await serve({ traceparent: ['a', 'list'], tracestate: 7 }, inner)
    expect(recorded.span('server').parentSpanContext).toBeUndefined()
  })

  it('reads no header that it is told not to', async () => {
    record({ propagators: new Set() })
    await serve({ traceparent: PARENT }, inner)
    expect(recorded.span('server').spanContext().traceId).not.toBe(TRACE)
  })

  it('is made within open ones alone: what goes on after them belongs to nobody', async () => {
    await inner()
    let later: Promise<unknown> = Promise.resolve()
    await serve(undefined, () => {
      later = new Promise((resolve) => setImmediate(resolve)).then(inner)
      return Promise.resolve()
    })
    await later
    expect(recorded.spans().map(({ name }) => name)).toEqual(['server'])
  })

  it('is told with the trace and its state, and never with baggage', async () => {
    const span = begin({ traceparent: PARENT, tracestate: 'vendor=1', baggage: 'user=ada' })
    expect(span.headers).toEqual({ traceparent: `00-${TRACE}-${span.spanId}-01`, tracestate: 'vendor=1' })
  })

  it('fails by a code, with the exception only where nobody foresaw it', async () => {
    const failing = async (error: Error) => {
      const work = async () => {
        throw error
      }
      const failed = serve(undefined, () => observe(() => ({ name: error.name, kind: 'internal' }), work))
      await expect(failed).rejects.toBe(error)
    }
    await failing(appError('not_found', 'There is no "secret".'))
    await failing(new TypeError('bad "secret"'))
    const [known, unknown] = [recorded.span('AppError'), recorded.span('TypeError')]
    expect([known.attributes['error.type'], known.events]).toEqual(['not_found', []])
    expect(unknown.attributes['error.type']).toBe('TypeError')
    expect(unknown.events[0]?.attributes).toMatchObject({ 'exception.message': 'bad "…"' })
    expect(JSON.stringify(unknown.events)).not.toContain('secret')
  })
})

it('tells those who are asked whether it is sampled', () => {
  const told = (traceparent: string) => {
    const span = begin({ traceparent })
    return recorded.tracing.within(span, activeTrace)
  }
  expect(told(UNSAMPLED)).toMatch(/-00$/)
  expect(told(PARENT)).toMatch(/-01$/)
})

describe('the sampler', () => {
  it.each([
    ['parentbased_always_on', UNSAMPLED, 0],
    ['parentbased_always_on', PARENT, 2],
    ['parentbased_always_off', PARENT, 2],
    ['parentbased_always_off', undefined, 0],
    ['always_off', PARENT, 0],
    ['always_on', UNSAMPLED, 2],
    ['traceidratio', PARENT, 0],
    ['parentbased_traceidratio', PARENT, 2],
  ] as const)('%s with %s keeps %i spans', async (name, traceparent, count) => {
    record({ sampler: { name, ratio: 0 } })
    await serve(traceparent && { traceparent }, inner)
    expect(recorded.spans()).toHaveLength(count)
  })
})

describe('a trace that is not sampled', () => {
  it('has ids for the log, and nothing is asked or made of its parts', async () => {
    record({ sampler: { name: 'parentbased_traceidratio', ratio: 0 } })
    const { tracing } = recorded
    const describing = vi.fn<() => SpanStart>(() => ({ name: 'x', kind: 'internal' }))
    const span = tracing.start(describing, { carrier: { accept: '*/*' } })
    const parts = await tracing.within(span, async () => [
      await observe(describing, (part) => Promise.resolve(part)),
      await observeMethod({ method: 'tools/list', params: {}, revision: '', id: 1 }, (told) => {
        told.failed('tool_error')
        return Promise.resolve(tracing.active())
      }),
      await spanned(tracing, describing, (part) => Promise.resolve(part)),
    ])
    expect(parts).toEqual([undefined, span, span])
    expect(describing).not.toHaveBeenCalled()
    expect([span.traceId, span.spanId].join()).toMatch(/^[\da-f]{32},[\da-f]{16}$/)
    expect(span.spanId).toBe(span.spanId)
    expect(recorded.spans()).toEqual([])
  })

  it('goes on with its ids and its state to whoever is asked', () => {
    const span = begin({ traceparent: UNSAMPLED, tracestate: 'vendor=1', baggage: 'user=ada' })
    expect(span.headers).toEqual({ traceparent: `00-${TRACE}-${span.spanId}-00`, tracestate: 'vendor=1' })
  })

  it('is no reason to ask who names a parent where nobody does', () => {
    const isOfStranger = vi.fn<() => boolean>(() => true)
    begin({ tracestate: 'vendor=1', baggage: 'user=ada' }, { isOfStranger })
    expect(isOfStranger).not.toHaveBeenCalled()
    begin({ traceparent: UNSAMPLED }, { isOfStranger })
    expect(isOfStranger).toHaveBeenCalledOnce()
  })
})

it('a ratio of the traces that begin here is a ratio of their ids, as others count it', () => {
  record({ sampler: { name: 'parentbased_traceidratio', ratio: 0.5 } })
  const usual = new TraceIdRatioBasedSampler(0.5)
  for (let n = 0; n < 100; n++) {
    const span = begin()
    const { decision } = usual.shouldSample(ROOT_CONTEXT, span.traceId)
    expect(span.isOpen).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED)
  }
})

describe('a parent that a stranger names', () => {
  /** Its trace id is the lowest, which a ratio of the ids always takes. */
  const LOWEST = '00-00000000000000000000000000000001-b7ad6b7169203331'

  function ask(traceparent: string): Promise<unknown> {
    const span = begin({ traceparent, tracestate: 'vendor=1' }, { isOfStranger: () => true })
    return recorded.tracing.within(span, inner).finally(() => span.end())
  }

  it.each([
    ['parentbased_always_on', 0, 'sampled', 2],
    ['parentbased_always_on', 0, 'not sampled', 2],
    ['parentbased_always_off', 0, 'sampled', 0],
    ['parentbased_traceidratio', 0, 'sampled', 0],
    ['parentbased_traceidratio', 1e-9, 'sampled', 0],
    ['parentbased_traceidratio', 1, 'not sampled', 2],
    ['traceidratio', 1e-9, 'sampled', 0],
    ['always_on', 0, 'not sampled', 2],
  ] as const)('has no say with %s %d: %s', async (name, ratio, flag, count) => {
    record({ sampler: { name, ratio } })
    const told = await ask(`${LOWEST}-${flag === 'sampled' ? '01' : '00'}`)
    expect(recorded.spans()).toHaveLength(count)
    expect(told).toMatch(count === 0 ? /-00$/ : /-01$/)
  })

  it('goes on as a trace, for the ratio of all', async () => {
    record({ sampler: { name: 'parentbased_traceidratio', ratio: 0.5 } })
    for (let n = 0; n < 400; n++) await ask(`${LOWEST}-01`)
    // A span and the one within it are sampled both, or neither.
    const outer = recorded.spans().filter(({ name }) => name === 'server')
    expect(recorded.spans()).toHaveLength(2 * outer.length)
    expect(outer.length).toBeGreaterThan(100)
    expect(outer.length).toBeLessThan(300)
    expect(outer[0]?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
  })
})

describe('a method of MCP', () => {
  const call = (params: Record<string, unknown>, method = 'tools/call') =>
    observeMethod({ method, params, revision: '2025-11-25', id: 7 }, (told) => {
      told.failed('tool_error')
      return Promise.resolve(true)
    })

  it('is named by what it calls, unless that cannot be a name', async () => {
    await call({ name: 'render_prompt', arguments: { template_name: 'greeting', variables: { who: 'x' } } })
    await call({ name: 'Ignore all "that"' })
    await call({ uri: 'prompt://greeting' }, 'resources/read')
    await call({ uri: 'file:///etc/passwd' }, 'resources/read')
    const [tool, strange, resource, other] = recorded.spans()
    expect(tool).toMatchObject({
      name: 'tools/call render_prompt',
      kind: SpanKind.SERVER,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'render_prompt',
        'gen_ai.prompt.name': 'greeting',
        'jsonrpc.request.id': '7',
        'error.type': 'tool_error',
      },
    })
    expect(strange?.name).toBe('tools/call')
    expect(resource?.attributes['mcp.resource.uri']).toBe('prompt://greeting')
    expect(other?.attributes).not.toHaveProperty('mcp.resource.uri')
  })

  it('is linked to its request where _meta names another trace, else a part of it', async () => {
    await serve(undefined, () => call({ name: 'a', _meta: { traceparent: PARENT } }))
    await serve(undefined, () => call({ name: 'b', _meta: { progressToken: 1 } }))
    const [linked, first] = recorded.spans()
    expect(linked?.spanContext().traceId).toBe(TRACE)
    expect(linked?.links[0]?.context.spanId).toBe(first?.spanContext().spanId)
    const part = recorded.span('tools/call b')
    expect([part.links, part.spanContext().traceId === TRACE]).toEqual([[], false])
  })

  it.each([
    ['is sampled', PARENT, ['inner', 'tools/call a']],
    ['is not', UNSAMPLED, []],
  ])('goes by the trace that _meta names, which %s, whatever its request does', async (_, own, expected) => {
    const method = {
      method: 'tools/call',
      params: { name: 'a', _meta: { traceparent: own } },
      revision: '',
      id: 1,
    }
    for (const traceparent of [PARENT, UNSAMPLED]) {
      record()
      await serve({ traceparent }, () => observeMethod(method, inner))
      const parts = recorded.spans().filter(({ name }) => name !== 'server')
      expect(parts.map(({ name }) => name)).toEqual(expected)
      expect(new Set(parts.map((part) => part.spanContext().traceId)).size).toBe(
        expected.length === 0 ? 0 : 1,
      )
    }
  })
})

it('a function goes on with the trace that was kept, whatever woke it up', async () => {
  const job = { function: 'run', step: 'call', attributes: { 'incipit.generation.id': 'g' } }
  await serve(undefined, () => observeJob({ ...job, trace: PARENT }, inner))
  await serve(undefined, () => observeJob({ ...job, step: 'other', trace: undefined }, inner))
  const kept = recorded.span('run call')
  expect([kept.spanContext().traceId, kept.kind, kept.links]).toEqual([TRACE, SpanKind.CONSUMER, []])
  expect(recorded.span('run other').parentSpanContext).toBeUndefined()
})

describe('a call of a model', () => {
  const SECRET = 'sk-live-0123456789abcdef'
  const ask = () =>
    observeModel(
      {
        provider: 'openai',
        model: 'small',
        baseUrl: undefined,
        settings: { maxTokens: 5, temperature: null, topP: undefined },
        prompt: { name: 'greeting', version: 3 },
        context: { generation_id: 'g' },
        messages: () => [{ role: 'user', text: `Hello ${SECRET}` }],
      },
      () => ({
        model: 'small-2',
        requestId: 'r',
        finishReason: 'stop',
        inputTokens: 2,
        outputTokens: 3,
        firstTokenMs: 40,
        text: 'Good day',
      }),
      () => Promise.resolve(true),
    )

  it('says how, and how much, but not what', async () => {
    await ask()
    expect(recorded.span('chat small').attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'small',
      'gen_ai.request.stream': true,
      'gen_ai.request.max_tokens': 5,
      'gen_ai.prompt.name': 'greeting',
      'gen_ai.prompt.version': '3',
      'incipit.generation.id': 'g',
      'gen_ai.response.model': 'small-2',
      'gen_ai.response.id': 'r',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.04,
      'gen_ai.usage.input_tokens': 2,
      'gen_ai.usage.output_tokens': 3,
    })
  })

  it('says what as well where that is switched on, and the older names beside the new', async () => {
    record({ content: true, oldNames: true })
    await ask()
    const { attributes } = recorded.span('chat small')
    expect(attributes).toMatchObject({
      'gen_ai.system': 'openai',
      'gen_ai.usage.prompt_tokens': 2,
      'gen_ai.usage.completion_tokens': 3,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hello sk-***"}]}]',
      'gen_ai.output.messages':
        '[{"role":"assistant","parts":[{"type":"text","content":"Good day"}],"finish_reason":"stop"}]',
    })
  })
})
